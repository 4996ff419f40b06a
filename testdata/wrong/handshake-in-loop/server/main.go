// Command server shakes hands inside the accept loop.
//
// It has no time limit, so that one silent peer keeps everybody out for good.
//
// Fails: 3.4
// Diagnosis: handshake-in-loop
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		ShakeInLoop: true,
		Limit:       func(bool) time.Duration { return 0 },
	}.Main()
}
