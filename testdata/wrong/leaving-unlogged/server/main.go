// Command server says nothing of it when a client leaves.
//
// Fails: 6.4
// Diagnosis: leaving-unlogged
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Left: func(string) string { return "" }}.Main()
}
