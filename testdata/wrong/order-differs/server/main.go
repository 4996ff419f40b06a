// Command server has no lock that two senders have in common: each writes to one client after the other, and so two messages pass each
// other on the way.
//
// Without a lock that happens by chance; here it does for sure: a message waits for a moment for one of another sender, and half of the
// clients get the two the other way round. One that is said alone arrives as it should, so 1.1 and 1.2 pass.
//
// Fails: 1.3
// Diagnosis: order-differs
package main

import (
	"sync"
	"time"

	"broadcastlab/testdata/simple"
)

func main() { simple.Server{Deliver: deliver}.Main() }

// patience is long enough for another sender to speak too, and too short to be noticed.
const patience = 50 * time.Millisecond

// A pending message waits for one of another sender.
type pending struct {
	simple.Message
	passed chan struct{} // closed when it has been sent with the other one
}

var (
	mu      sync.Mutex // guards waiting
	waiting *pending   // nil: none
)

func deliver(r *simple.Room, m simple.Message) {
	mu.Lock()
	if other := waiting; other != nil {
		waiting = nil
		r.SendTo(m, func(i int, _ *simple.Conn) bool { return i%2 == 0 })
		r.Send(other.Message)
		r.SendTo(m, func(i int, _ *simple.Conn) bool { return i%2 == 1 })
		mu.Unlock()
		close(other.passed)
		return
	}
	own := &pending{m, make(chan struct{})}
	waiting = own
	mu.Unlock()
	select {
	case <-own.passed:
	case <-time.After(patience):
		mu.Lock()
		defer mu.Unlock()
		if waiting == own {
			waiting = nil
			r.Send(m)
		}
	}
}
