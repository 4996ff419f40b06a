// Command server passes on text that is not UTF-8.
//
// Fails: 9.2
// Diagnosis: not-utf8-taken
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Forgive: func(code uint16) bool { return code == 1007 }}.Main()
}
