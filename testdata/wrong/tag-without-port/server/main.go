// Command server tags without the port.
//
// Fails: 4.1
// Diagnosis: tag-without-port
package main

import (
	"net"
	"strconv"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Tag: func(from, _ *simple.Conn, text string) string {
			host, _, _ := net.SplitHostPort(from.Addr())
			return host + ": " + strconv.Quote(text)
		},
	}.Main()
}
