// Command server notes in a file that it is running, and does not start while that file is there. A server that was killed cannot
// take it away.
//
// Fails: 10.2
// Diagnosis: lock-left
package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Listen: func(network, addr string) (net.Listener, error) {
			ln, err := net.Listen(network, addr)
			if err != nil {
				return nil, err
			}
			_, port, _ := net.SplitHostPort(addr)
			lock := filepath.Join(os.TempDir(), "chat-"+port+".lock")
			file, err := os.OpenFile(lock, os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return nil, fmt.Errorf("the server is running already: %w", err)
			}
			return listener{ln, lock}, file.Close()
		},
	}.Main()
}

// A listener takes its lock away when it is closed.
type listener struct {
	net.Listener
	lock string
}

func (l listener) Close() error {
	os.Remove(l.lock)
	return l.Listener.Close()
}
