// Command client does not say why it could not connect.
//
// Fails: 2.1
// Diagnosis: cause-hidden
package main

import (
	"errors"
	"net"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Dial: func(_ *simple.Client, addr string) (net.Conn, error) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				return nil, errors.New("could not connect")
			}
			return conn, nil
		},
	}.Main()
}
