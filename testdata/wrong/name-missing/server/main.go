// Command server logs without a name, like its client.
//
// Fails: 5.1
// Diagnosis: name-missing
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Joined: func(addr string) string { return "New connection from " + addr }}.Main()
}
