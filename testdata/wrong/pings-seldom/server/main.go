// Command server pings in every fourth interval only.
//
// Fails: 8.1
package main

import (
	"sync"

	"broadcastlab/testdata/simple"
)

func main() {
	var ticks sync.Map
	simple.Server{
		Ping: func(c *simple.Conn) {
			n, _ := ticks.LoadOrStore(c, new(int)) // each client has a clock of its own
			if count := n.(*int); *count%4 == 3 {
				c.WriteFrame(simple.Ping, nil)
				*count = 0
			} else {
				*count++
			}
		},
		Patience: 12,
	}.Main()
}
