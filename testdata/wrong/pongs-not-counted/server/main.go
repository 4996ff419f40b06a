// Command server drops a client that only answers pings: it waits for a message.
//
// Fails: 8.1
// Diagnosis: pongs-not-counted
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{SignOfLife: func(f simple.Frame) bool { return f.Opcode == simple.Text }}.Main()
}
