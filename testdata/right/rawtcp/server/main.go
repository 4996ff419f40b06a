// Command server is a right server without a WebSocket library.
//
// Passes: all
package main

import "broadcastlab/testdata/simple"

func main() { simple.Server{}.Main() }
