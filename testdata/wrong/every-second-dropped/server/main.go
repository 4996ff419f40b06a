// Command server drops every second message, the first of all included.
//
// As a loop does that receives twice and sends what it received last.
//
// Fails: 1.1
// Diagnosis: every-second-dropped
package main

import (
	"sync/atomic"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			if said.Add(1)%2 == 0 {
				r.Send(m)
			}
		},
	}.Main()
}

var said atomic.Int64
