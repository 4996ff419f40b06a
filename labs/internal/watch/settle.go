package watch

import (
	"context"
	"time"
)

// restless is how many times the quiet that is asked for a burst may last: somebody who writes without a pause, as to a
// log, must not keep the others' changes back for ever.
const restless = 20

// settle collects names until none has come for a while, and then offers what they stand for as one. Names that come
// before it is taken are added to it.
func settle(ctx context.Context, names <-chan string, quiet time.Duration, stat func(string) (Change, bool), out chan<- []Change) {
	var began time.Time // of the burst; zero where there is none
	var held []Change
	var offer chan<- []Change // out, once all is quiet
	pause := time.NewTimer(quiet)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case name := <-names:
			change, ok := stat(name)
			if !ok {
				continue
			}
			held = add(held, change)
			if began.IsZero() {
				began = time.Now()
			}
			offer = nil
			pause.Reset(min(quiet, time.Until(began.Add(restless*quiet))))
		case <-pause.C:
			if held != nil {
				offer = out
			}
		case offer <- held:
			held, offer, began = nil, nil, time.Time{}
		}
	}
}

// add keeps the latest change of each file.
func add(held []Change, c Change) []Change {
	for i := range held {
		if held[i].Name == c.Name {
			held[i] = c
			return held
		}
	}
	return append(held, c)
}
