// Command server answers every Sec-WebSocket-Key with the accept key of the RFC's example.
//
// Its client takes any, and so do the peers of the checks before 3.2.
//
// Fails: 3.2
// Diagnosis: accept-key-fixed
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Accept: func(string) string { return simple.AcceptKey("dGhlIHNhbXBsZSBub25jZQ==") }}.Main()
}
