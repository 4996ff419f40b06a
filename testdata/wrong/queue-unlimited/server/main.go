// Command server keeps everything for a client that does not read, without a limit.
//
// Fails: 7.2
// Diagnosis: queue-unlimited
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Queue: 1 << 40}.Main()
}
