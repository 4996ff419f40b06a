// Command server sends each message to everyone, and answers its sender once more.
//
// Fails: 1.1
// Diagnosis: sender-twice
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			r.Send(m)
			r.SendTo(m, func(_ int, c *simple.Conn) bool { return c == m.From })
		},
	}.Main()
}
