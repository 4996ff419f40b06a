// Command server tags with the address of whoever has spoken last when the message is delivered.
//
// A message is delivered when the next one comes, or none does. The tag is right as long as one client speaks at a
// time, so 4.1 passes.
//
// Fails: 4.2
// Diagnosis: tag-last-sender
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
			last = m.From
			if timer != nil && timer.Stop() { // the message before this one is still to be delivered
				r.Send(simple.Message{From: last, Text: unsent})
			}
			unsent = m.Text
			timer = time.AfterFunc(patience, func() {
				mu.Lock()
				defer mu.Unlock()
				r.Send(simple.Message{From: last, Text: m.Text})
			})
		},
	}.Main()
}

// patience is long enough for another sender to come in between, and too short to be noticed.
const patience = 120 * time.Millisecond

var (
	mu     sync.Mutex   // guards what follows
	last   *simple.Conn // who has spoken last
	unsent string       // the message that timer delivers
	timer  *time.Timer
)
