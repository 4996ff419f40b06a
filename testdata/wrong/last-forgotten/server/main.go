// Command server forgets the client that came last.
//
// Fails: 1.1
// Diagnosis: last-forgotten
package main

import (
	"sync/atomic"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Greet: func(clients []*simple.Conn, c *simple.Conn) {
			c.WriteFrame(simple.Text, []byte(simple.Greeting))
			newest.Store(c)
		},
		Deliver: func(r *simple.Room, m simple.Message) {
			r.SendTo(m, func(_ int, c *simple.Conn) bool { return c != newest.Load() })
		},
	}.Main()
}

var newest atomic.Pointer[simple.Conn]
