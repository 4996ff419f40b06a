// Command client tries three times within a few milliseconds.
//
// Fails: 2.4
// Diagnosis: attempts-in-a-rush
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{Backoff: time.Millisecond}.Main()
}
