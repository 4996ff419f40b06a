// Command server greets everyone whenever a client comes.
//
// Fails: 1.7
// Diagnosis: welcome-to-all
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Greet: func(clients []*simple.Conn, c *simple.Conn) {
			for _, c := range append(clients, c) {
				c.WriteFrame(simple.Text, []byte(simple.Greeting))
			}
		},
	}.Main()
}
