// Command server takes messages of any length, whatever -max-message says.
//
// Fails: 9.1
// Diagnosis: too-long-taken
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Forgive: func(code uint16) bool { return code == 1009 }}.Main()
}
