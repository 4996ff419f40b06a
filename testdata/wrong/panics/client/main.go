// Command client panics when it cannot connect.
//
// Fails: 2.1
// Diagnosis: panics
package main

import (
	"net"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Dial: func(_ *simple.Client, addr string) (net.Conn, error) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				panic(err)
			}
			return conn, nil
		},
	}.Main()
}
