package harness

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// Patience is how long a wait may last, counted in time that the machine gave us: a tick of the runner's own clock counts
// only if it came on time, and what a judged program has stood in line for a processor meanwhile is taken off. A machine that
// is busy with others is nobody's fault.
const (
	Patience      = 2 * time.Second // for something heard, a handshake, an end
	StartPatience = 5 * time.Second // for a program to listen: an interpreter or a virtual machine starts first
	wrongPort     = time.Second     // for a program that listens, though elsewhere, to listen where it was told

	tick     = 10 * time.Millisecond
	lateness = tick / 2              // a tick later than this does not count
	asking   = 50 * time.Millisecond // when the system is asked first how long the programs stood in line; then ever less often
	rarely   = 8 * asking            // at least so often
	tooBusy  = 15                    // times the patience in wall time: then the machine cannot judge
)

var (
	errPatience = errors.New("patience is out")
	errTooBusy  = errors.New("the machine is too busy to judge: the programs hardly ran")
)

// usual is how long the check waits for something that should come.
func (c *check) usual() time.Duration { return cmp.Or(c.job.Patience, Patience) }

// toStart is how long it waits for a program to show itself.
func (c *check) toStart() time.Duration { return cmp.Or(3*c.job.Patience, StartPatience) }

// await returns nil as soon as done says so, errPatience when the patience is out, errTooBusy when the machine hardly let
// us run. done is called with the transcript's lock held, after each change and at each tick.
func (t *transcript) await(ctx context.Context, patience time.Duration, done func() bool) error {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	began := time.Now()
	t.mu.Lock()
	last, left, lost := began, patience, t.inLine
	t.mu.Unlock()
	ask := began.Add(asking) // most waits are over by then, and cost nothing
	for {
		t.mu.Lock()
		ok, changed := done(), t.changed
		t.mu.Unlock()
		switch {
		case ok:
			return nil
		case left <= 0:
			return errPatience
		case time.Since(began) > tooBusy*max(patience, Patience):
			return errTooBusy
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case now := <-clock.C:
			if now.Sub(last) <= tick+lateness && time.Since(now) <= lateness {
				left -= tick
			}
			last = now
			if left <= 0 || !now.Before(ask) {
				more := t.lost()
				left, lost = min(left+more-lost, patience), more
				ask = now.Add(min(now.Sub(began), rarely))
			}
		}
	}
}

// lost is for how long, up to now, the programs stood in line for a processor. The caller holds no lock.
func (t *transcript) lost() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.queue != nil && time.Since(t.asked) >= asking {
		t.inLine += t.queue.Waited()
		t.asked = time.Now()
	}
	return t.inLine
}
