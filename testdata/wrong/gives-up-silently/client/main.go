// Command client gives up silently, with status 0, when it cannot connect.
//
// Fails: 2.1
// Diagnosis: gives-up-silently
package main

import (
	"net"
	"os"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Dial: func(_ *simple.Client, addr string) (net.Conn, error) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				os.Exit(0)
			}
			return conn, nil
		},
	}.Main()
}
