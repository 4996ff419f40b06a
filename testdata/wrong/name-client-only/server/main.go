// Command server logs without a name, although its client has one.
//
// Fails: 5.1
// Diagnosis: name-client-only
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Joined: func(addr string) string { return "New connection from " + addr }}.Main()
}
