// Command client reads -url and dials 127.0.0.1:8080, whatever it says.
//
// Fails: 1.5
// Diagnosis: dials-elsewhere
package main

import (
	"net"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Dial: func(c *simple.Client, _ string) (net.Conn, error) { return c.Retry("127.0.0.1:8080") },
	}.Main()
}
