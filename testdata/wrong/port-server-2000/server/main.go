// Command server was left on port 2000.
//
// Only the default is wrong: -addr works.
//
// Fails: 3.1
// Diagnosis: port-server-2000
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Addr: "127.0.0.1:2000"}.Main()
}
