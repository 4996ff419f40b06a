// Command server sends each new client a quarter of a gigabyte before anything else.
//
// Says: was cut off by the kit: it had sent more than 64 MiB
package main

import (
	"strings"

	"broadcastlab/testdata/simple"
)

func main() {
	text := []byte(strings.Repeat("Read all of this. ", 250))
	simple.Server{
		Greet: func(_ []*simple.Conn, c *simple.Conn) {
			for sent := 0; sent < 256<<20; sent += len(text) {
				if c.WriteFrame(simple.Text, text) != nil {
					return
				}
			}
		},
	}.Main()
}
