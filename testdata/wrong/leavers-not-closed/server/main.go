// Command server takes a client that has left out of its list, and never closes its connection.
//
// Fails: 6.3
// Diagnosis: leavers-not-closed
package main

import (
	"sync"

	"broadcastlab/testdata/simple"
)

func main() {
	var kept sync.Map // else the garbage collector would close them
	simple.Server{
		Leave: func(r *simple.Room, c *simple.Conn, _ error) {
			r.Remove(c)
			kept.Store(c, true)
		},
	}.Main()
}
