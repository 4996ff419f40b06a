// Command server panics before it listens.
//
// Says: panic: assignment to entry in nil map
package main

import "broadcastlab/testdata/simple"

func main() {
	clients := noClients()
	clients["ann"] = true
	simple.Server{}.Main()
}

func noClients() map[string]bool { return nil }
