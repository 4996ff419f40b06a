// Command server handles Interrupt alone: SIGTERM, which is what every other program sends, ends it in the middle of a sentence.
//
// Fails: 10.1
// Diagnosis: signal-unhandled
package main

import (
	"os"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{Signals: []os.Signal{os.Interrupt}}.Main()
}
