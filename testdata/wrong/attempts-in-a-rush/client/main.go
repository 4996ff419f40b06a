// Command client tries three times within a few milliseconds.
//
// Fails: 2.4
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{Backoff: time.Millisecond}.Main()
}
