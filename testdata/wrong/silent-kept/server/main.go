// Command server pings, and does not look whether anything comes back.
//
// Fails: 8.2
// Diagnosis: silent-kept
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Patience: 1_000_000}.Main()
}
