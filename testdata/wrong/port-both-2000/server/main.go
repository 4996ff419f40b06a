// Command server was left on port 2000, and its client was sent there.
//
// Only the defaults are wrong: -addr and -url work.
//
// Fails: 3.1
// Diagnosis: port-both-2000
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Addr: "127.0.0.1:2000"}.Main()
}
