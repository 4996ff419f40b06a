// Command server pings ten times in each interval.
//
// Fails: 8.1
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Ping: func(c *simple.Conn) {
			for range 10 {
				c.WriteFrame(simple.Ping, nil)
			}
		},
	}.Main()
}
