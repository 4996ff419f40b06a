// Command server leaves the time limit of the handshake on afterwards.
//
// The limit after the handshake is the shorter one, so that a quiet client is gone before a silent peer that came
// first.
//
// Fails: 3.7
// Diagnosis: handshake-limit-left-on
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Limit: func(upgraded bool) time.Duration {
			if upgraded {
				return 4 * time.Second
			}
			return 4500 * time.Millisecond
		},
	}.Main()
}
