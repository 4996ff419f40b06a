// Command server drops a silent client after eight intervals, where three were said.
//
// Fails: 8.2
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Patience: 8}.Main()
}
