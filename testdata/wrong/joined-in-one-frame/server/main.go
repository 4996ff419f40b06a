// Command server joins the messages of a burst in one frame, a line each.
//
// A message that is said alone arrives as it should, so 1.1 passes.
//
// Fails: 1.2
// Diagnosis: joined-in-one-frame
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
			if text, ok := pending[m.From]; ok {
				pending[m.From] = text + "\n" + m.Text
				return
			}
			pending[m.From] = m.Text
			time.AfterFunc(patience, func() {
				mu.Lock()
				defer mu.Unlock()
				r.Send(simple.Message{From: m.From, Text: pending[m.From]})
				delete(pending, m.From)
			})
		},
	}.Main()
}

// patience is long enough for the rest of a burst to be read, and too short to be noticed.
const patience = 50 * time.Millisecond

var (
	mu      sync.Mutex                  // guards pending
	pending = map[*simple.Conn]string{} // what each sender has said in this burst
)
