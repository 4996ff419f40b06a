// Command server lets in a page of any origin.
//
// Fails: 9.5
// Diagnosis: origin-unchecked
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Allow: func(_, _ string) bool { return true }}.Main()
}
