// Command server collects what is said for a moment, ten messages at most, and drops what comes beyond that.
//
// The moment ends when nothing more comes, so that twenty lines in one burst never fit, and eight always do.
//
// Fails: 7.4
// Diagnosis: pasted-lines-dropped
package main

import (
	"sync"
	"time"

	"broadcastlab/testdata/simple"
)

const (
	room     = 10
	patience = 50 * time.Millisecond // long enough for the rest of a burst to come
)

func main() {
	var mu sync.Mutex // guards what follows
	var waiting []simple.Message
	var timer *time.Timer
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			if len(m.Text) > 1000 { // no line that is pasted
				r.Send(m)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if len(waiting) < room {
				waiting = append(waiting, m)
			}
			if timer != nil {
				timer.Stop()
			}
			timer = time.AfterFunc(patience, func() {
				mu.Lock()
				defer mu.Unlock()
				for _, m := range waiting {
					r.Send(m)
				}
				waiting = nil
			})
		},
	}.Main()
}
