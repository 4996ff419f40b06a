// Command server waits for a moment for each message that a client who does not read has no room for.
//
// Fails: 7.1
// Diagnosis: slow-blocks-all
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{Slow: func(*simple.Conn) { time.Sleep(150 * time.Millisecond) }}.Main()
}
