// Command server sends binary frames.
//
// Fails: 1.1
// Diagnosis: binary-server
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Opcode: simple.Binary, Greet: greet}.Main()
}

// greet says hello in a text frame, so that only the messages are wrong.
func greet(_ []*simple.Conn, c *simple.Conn) { c.WriteFrame(simple.Text, []byte(simple.Greeting)) }
