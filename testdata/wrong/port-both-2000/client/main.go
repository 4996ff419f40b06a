// Command client connects to 2000 like its server.
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{URL: "ws://127.0.0.1:2000"}.Main()
}
