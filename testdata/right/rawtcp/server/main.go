// Command server is a right server without a WebSocket library; it passes the stretch checks as well.
//
// Passes: all required
package main

import "broadcastlab/testdata/simple"

func main() { simple.Server{}.Main() }
