// Command server drops a silent client after twenty-five intervals, where three were said.
//
// Fails: 8.2
// Diagnosis: silent-kept
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Patience: 25}.Main()
}
