package harness

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// Patience is how long a wait may last, counted in time that the machine gave us: a tick of the runner's own clock counts
// only if it came on time. On a machine too busy to run us it is too busy to run the judged program as well, and such time
// is nobody's fault.
const (
	Patience      = 2 * time.Second // for something heard, a handshake, an end
	StartPatience = 5 * time.Second // for a program to listen: an interpreter or a virtual machine starts first
	wrongPort     = time.Second     // for a program that listens, though elsewhere, to listen where it was told

	tick     = 10 * time.Millisecond
	lateness = tick / 2 // a tick later than this does not count
	tooBusy  = 15       // times the patience in wall time: then the machine cannot judge
)

var (
	errPatience = errors.New("patience is out")
	errTooBusy  = errors.New("the machine is too busy to judge: the kit's own clock hardly ticked")
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
	last, left := began, patience
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
		}
	}
}
