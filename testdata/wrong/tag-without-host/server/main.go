// Command server tags with the port alone.
//
// Fails: 4.1
package main

import (
	"net"
	"strconv"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Tag: func(from, _ *simple.Conn, text string) string {
			_, port, _ := net.SplitHostPort(from.Addr())
			return ":" + port + ": " + strconv.Quote(text)
		},
	}.Main()
}
