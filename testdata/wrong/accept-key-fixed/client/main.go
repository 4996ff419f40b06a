// Command client takes any Sec-WebSocket-Accept, as its server needs.
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{Accept: func(string) string { return "" }}.Main()
}
