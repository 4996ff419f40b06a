// Command client never gives up.
//
// Fails: 2.1
// Diagnosis: retries-for-ever
package main

import (
	"fmt"
	"net"
	"os"
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Dial: func(c *simple.Client, addr string) (net.Conn, error) {
			for {
				conn, err := net.Dial("tcp", addr)
				if err == nil {
					return conn, nil
				}
				fmt.Fprintln(os.Stderr, err)
				<-time.After(c.Backoff)
			}
		},
	}.Main()
}
