// Command server reads frames that break the rules as if they were right.
//
// Fails: 9.3
// Diagnosis: bad-frames-taken
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Forgive: func(code uint16) bool { return code == 1002 }}.Main()
}
