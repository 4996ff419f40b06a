// Command server says goodbye to those who are there, and lets new ones in for a while.
//
// Fails: 10.1
package main

import (
	"net"
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	late := &listener{}
	simple.Server{
		Listen: func(network, addr string) (_ net.Listener, err error) {
			late.Listener, err = net.Listen(network, addr)
			return late, err
		},
		Stop: func(r *simple.Room) {
			r.SendTo(simple.Message{}, func(_ int, c *simple.Conn) bool {
				go c.WriteClose(1001)
				return false
			})
			<-time.After(3 * time.Second)
			late.Listener.Close()
		},
	}.Main()
}

// A listener that does not close when it is asked to.
type listener struct{ net.Listener }

func (listener) Close() error { return nil }
