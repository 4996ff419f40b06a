// Command server handles SIGTERM alone: Ctrl-C ends it in the middle of a sentence.
//
// Fails: 10.4
// Diagnosis: interrupt-unhandled
package main

import (
	"os"
	"syscall"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{Signals: []os.Signal{syscall.SIGTERM}}.Main()
}
