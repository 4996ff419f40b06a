// Command server panics before it listens.
//
// Says: panic: assignment to entry in nil map
package main

import "broadcastlab/testdata/simple"

func main() {
	var clients map[string]bool
	clients["ann"] = true
	simple.Server{}.Main()
}
