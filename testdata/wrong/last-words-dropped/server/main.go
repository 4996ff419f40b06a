// Command server throws away, when it is told to end, what clients that do not read have coming.
//
// Fails: 10.6
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

const moment = 100 * time.Millisecond

func main() {
	simple.Server{
		Queue: 64 << 20,
		Stop: func(r *simple.Room) {
			<-time.After(moment) // for those who read: they get all of it
			r.SendTo(simple.Message{}, func(_ int, c *simple.Conn) bool {
				go c.WriteClose(1001)
				return false
			})
			<-time.After(moment)
		},
	}.Main()
}
