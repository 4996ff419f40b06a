// Command client goes on trying for half a second only.
//
// Fails: 2.4
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{Backoff: 170 * time.Millisecond}.Main()
}
