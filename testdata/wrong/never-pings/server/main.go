// Command server knows the flag -ping, and pings nobody.
//
// Fails: 8.1
// Diagnosis: never-pings
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Ping:     func(*simple.Conn) {},
		Patience: 1_000_000,
	}.Main()
}
