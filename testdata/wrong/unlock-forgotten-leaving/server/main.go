// Command server locks when a client leaves, and forgets to unlock: the next message waits for ever.
//
// Fails: 6.1
// Diagnosis: stuck-after-leaving
package main

import (
	"sync"

	"broadcastlab/testdata/simple"
)

var mu sync.Mutex // nobody leaves while a message is sent

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			mu.Lock()
			defer mu.Unlock()
			r.Send(m)
		},
		Leave: func(r *simple.Room, c *simple.Conn, _ error) {
			mu.Lock()
			r.Remove(c)
			c.Close()
		},
	}.Main()
}
