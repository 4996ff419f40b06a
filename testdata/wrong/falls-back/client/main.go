// Command client falls back to port 2000.
//
// Fails: 2.1
// Diagnosis: falls-back
package main

import (
	"fmt"
	"net"
	"os"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Dial: func(c *simple.Client, addr string) (net.Conn, error) {
			conn, err := net.Dial("tcp", addr)
			if err == nil {
				return conn, nil
			}
			fmt.Fprintln(os.Stderr, err)
			if conn, err := net.Dial("tcp", "127.0.0.1:2000"); err == nil {
				return conn, nil
			}
			return c.Retry(addr)
		},
	}.Main()
}
