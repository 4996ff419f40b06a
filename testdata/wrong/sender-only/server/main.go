// Command server echoes to the sender alone.
//
// Fails: 1.1
// Diagnosis: sender-only
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			r.SendTo(m, func(_ int, c *simple.Conn) bool { return c == m.From })
		},
	}.Main()
}
