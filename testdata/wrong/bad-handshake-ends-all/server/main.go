// Command server ends on a bad handshake.
//
// A connection that says nothing does not end it.
//
// Fails: 3.3
// Diagnosis: bad-handshake-ends-all
package main

import (
	"errors"
	"log"
	"net"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Refuse: func(conn net.Conn, err error) {
			if !errors.Is(err, simple.ErrNothing) {
				log.Fatal(err)
			}
			conn.Close()
		},
	}.Main()
}
