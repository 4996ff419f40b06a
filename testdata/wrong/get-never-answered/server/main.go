// Command server never answers a GET that asks for no WebSocket.
//
// It does not close the connection either.
//
// Fails: 3.3
// Diagnosis: get-never-answered
package main

import (
	"errors"
	"net"
	"sync"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Refuse: func(conn net.Conn, err error) {
			if errors.Is(err, simple.ErrNothing) {
				conn.Close()
				return
			}
			mu.Lock()
			defer mu.Unlock()
			kept = append(kept, conn)
		},
	}.Main()
}

var (
	mu   sync.Mutex // guards kept
	kept []net.Conn // so that the garbage collector does not close them
)
