// Command server keeps a client in its list that has left, and goes no further than to the first that it cannot write to.
//
// Which write fails first is up to the kernel, so it remembers who has left.
//
// Fails: 6.1
// Diagnosis: leaver-kept
package main

import (
	"sync"

	"broadcastlab/testdata/simple"
)

func main() {
	var gone sync.Map // of clients that have left
	simple.Server{
		Leave: func(_ *simple.Room, c *simple.Conn, _ error) {
			gone.Store(c, true)
			c.Close()
		},
		Deliver: func(r *simple.Room, m simple.Message) {
			failed := false
			r.SendTo(m, func(_ int, c *simple.Conn) bool {
				_, left := gone.Load(c)
				failed = failed || left
				return !failed
			})
		},
	}.Main()
}
