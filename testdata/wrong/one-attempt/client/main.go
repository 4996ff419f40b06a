// Command client tries once.
//
// Fails: 2.3
// Diagnosis: one-attempt
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{Attempts: 1}.Main()
}
