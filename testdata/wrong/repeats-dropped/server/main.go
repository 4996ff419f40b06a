// Command server drops a message that is the same as the one before, as if it had been sent twice by mistake.
//
// Fails: 1.1
// Diagnosis: repeats-dropped
package main

import (
	"sync"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			mu.Lock()
			defer mu.Unlock()
			if m.Text != last {
				r.Send(m)
			}
			last = m.Text
		},
	}.Main()
}

var (
	mu   sync.Mutex // guards last
	last string     // the text of the message before
)
