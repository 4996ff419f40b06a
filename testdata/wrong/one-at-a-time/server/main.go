// Command server serves one client at a time.
//
// The second client waits for its handshake until the first one leaves.
//
// Fails: 1.1
// Diagnosis: one-at-a-time
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{ServeInLoop: true}.Main()
}
