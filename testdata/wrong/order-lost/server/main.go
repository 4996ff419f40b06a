// Command server delivers each message in a goroutine of its own, so that the order is lost.
//
// Goroutines lose the order by chance; this one does so for sure: a message waits until the next one of its sender has
// overtaken it, or none came. A message that is said alone arrives as it should, so 1.1 passes.
//
// Fails: 1.2
// Diagnosis: order-lost
package main

import (
	"sync"
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			mu.Lock()
			defer mu.Unlock()
			if overtaken := waiting[m.From]; overtaken != nil {
				delete(waiting, m.From)
				r.Send(m)
				close(overtaken)
				return
			}
			next := make(chan struct{})
			waiting[m.From] = next
			go func() {
				select {
				case <-next:
				case <-time.After(patience):
					mu.Lock()
					if waiting[m.From] == next {
						delete(waiting, m.From)
					}
					mu.Unlock()
				}
				r.Send(m)
			}()
		},
	}.Main()
}

// patience is long enough for the rest of a burst to be read, and too short to be noticed.
const patience = 50 * time.Millisecond

var (
	mu      sync.Mutex                         // guards waiting
	waiting = map[*simple.Conn]chan struct{}{} // the message of each sender that is to be overtaken
)
