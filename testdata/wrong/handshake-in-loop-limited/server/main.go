// Command server shakes hands inside the accept loop, with a time limit.
//
// One silent peer keeps the next one waiting for a second only; but several add up.
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
		Limit: func(upgraded bool) time.Duration {
			if upgraded {
				return 0
			}
			return time.Second
		},
	}.Main()
}
