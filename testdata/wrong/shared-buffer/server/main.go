// Command server reads every message of a client into the same buffer, and sends later what is in it by then.
//
// The bytes are those of another message whenever two come in one burst. A message that is said alone arrives as it
// should, so 1.1 passes.
//
// Fails: 1.2
// Diagnosis: shared-buffer
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
			b := buffers[m.From]
			if b == nil {
				b = &buffer{}
				buffers[m.From] = b
			}
			b.bytes = append(b.bytes[:0], m.Text...)
			if b.timer != nil && b.timer.Stop() { // the message before this one is still to be sent: it has these bytes now
				r.Send(simple.Message{From: m.From, Text: string(b.bytes)})
			}
			b.timer = time.AfterFunc(patience, func() {
				mu.Lock()
				defer mu.Unlock()
				r.Send(simple.Message{From: m.From, Text: string(b.bytes)})
			})
		},
	}.Main()
}

// patience is long enough for the rest of a burst to be read, and too short to be noticed.
const patience = 50 * time.Millisecond

type buffer struct {
	bytes []byte
	timer *time.Timer // sends them
}

var (
	mu      sync.Mutex // guards buffers and what is in them
	buffers = map[*simple.Conn]*buffer{}
)
