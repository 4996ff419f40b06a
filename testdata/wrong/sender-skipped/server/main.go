// Command server leaves the sender out.
//
// Fails: 1.1
// Diagnosis: sender-skipped
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			r.SendTo(m, func(_ int, c *simple.Conn) bool { return c != m.From })
		},
	}.Main()
}
