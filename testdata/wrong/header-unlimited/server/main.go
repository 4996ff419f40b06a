// Command server reads a request of any size.
//
// Fails: 9.6
// Diagnosis: header-unlimited
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	long := func(bool) time.Duration { return time.Minute } // a request that is long takes long on a busy machine
	simple.Server{MaxHeader: 1 << 40, Limit: long}.Main()
}
