// Command server throws away, when it is told to end, what clients have coming.
//
// Fails: 10.6
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Queue: 64 << 20,
		Stop: func(r *simple.Room) {
			r.SendTo(simple.Message{}, func(_ int, c *simple.Conn) bool {
				go c.WriteClose(1001)
				return false
			})
			<-time.After(100 * time.Millisecond) // for those who read
		},
	}.Main()
}
