package harness

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// Patience is how long a wait may last, counted in time that the machine gave us: a tick of the runner's own clock counts
// only if it came on time, and only as much of it as the judged programs did not stand in line for a processor. A machine that
// is busy with others is nobody's fault.
const (
	Patience      = 2 * time.Second // for something heard, a handshake, an end
	StartPatience = 5 * time.Second // for a program to listen: an interpreter or a virtual machine starts first
	wrongPort     = time.Second     // for a program that listens, though elsewhere, to listen where it was told

	tick     = 10 * time.Millisecond  // how soon the clock ticks first; then in tenths of the wait so far, so that a long one costs little,
	longTick = 40 * time.Millisecond  // but at least so often
	lateness = 5 * time.Millisecond   // a tick later than this does not count
	asking   = 100 * time.Millisecond // when the system is asked first how long the programs stood in line; then ever less often
	rarely   = 8 * asking             // at least so often
	tooBusy  = 15                     // times the patience in wall time: then the machine cannot judge
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
	began := time.Now()
	step := min(tick, patience)
	due, clock := began.Add(step), time.NewTimer(step)
	defer clock.Stop()
	left, onTime := patience, time.Duration(0) // onTime is not yet taken off from what is left
	settled, ask := began, began.Add(asking)   // most waits are over before the system is asked, and cost nothing
	t.mu.Lock()
	inLine := t.inLine
	t.mu.Unlock()
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
			if now.Sub(due) <= lateness && time.Since(now) <= lateness {
				onTime += step
			}
			if onTime >= left || !now.Before(ask) {
				more, _ := t.askQueue()
				left -= undisturbed(onTime, more-inLine, now.Sub(settled))
				onTime, inLine, settled = 0, more, now
				ask = now.Add(min(now.Sub(began), rarely))
			}
			step = max(time.Millisecond, min(max(tick, now.Sub(began)/10), longTick, left-onTime))
			due = time.Now().Add(step)
			clock.Reset(step)
		}
	}
}

// undisturbed is how much of the elapsed time both we and the programs had what we needed of the machine: our clock was on time for so
// much of it, and they stood in line for so much. Whether it was at once nobody knows: the one is taken to say nothing of the other.
func undisturbed(onTime, inLine, elapsed time.Duration) time.Duration {
	if elapsed <= 0 {
		return onTime
	}
	return time.Duration(float64(onTime) * (1 - min(1, inLine.Seconds()/elapsed.Seconds())))
}

// askQueue returns for how long, up to now, the programs stood in line for a processor, and for how long they or we did. The caller holds
// no lock.
func (t *transcript) askQueue() (inLine, lost time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.queue != nil && time.Since(t.asked) >= asking {
		below, all := t.queue.Waited()
		t.inLine += below
		t.lost += all
		t.asked = time.Now()
	}
	return t.inLine, t.lost
}
