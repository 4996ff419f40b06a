// Command client is a right client without a WebSocket library.
//
// Passes: all
package main

import "broadcastlab/testdata/simple"

func main() { simple.Client{}.Main() }
