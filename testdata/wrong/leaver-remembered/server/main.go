// Command server remembers what each client has had, long after it has left.
//
// Fails: 6.3
package main

import (
	"bytes"
	"sync"

	"broadcastlab/testdata/simple"
)

func main() {
	var kept sync.Map
	simple.Server{
		Leave: func(r *simple.Room, c *simple.Conn, _ error) {
			r.Remove(c)
			c.Close()
			kept.Store(c, bytes.Repeat([]byte("history "), 100<<10/8))
		},
	}.Main()
}
