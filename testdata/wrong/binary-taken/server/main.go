// Command server takes a binary message for text.
//
// Fails: 9.4
// Diagnosis: binary-taken
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Forgive: func(code uint16) bool { return code == 1003 }}.Main()
}
