// Command server sends each new client a quarter of a gigabyte in messages of a few bytes.
//
// Says: was cut off by the kit: it had sent more than 100000 frames
package main

import (
	"bytes"

	"broadcastlab/testdata/simple"
)

func main() {
	crumbs := bytes.Repeat([]byte{0x80 | simple.Text, 1, '.'}, 1<<14) // frames of one byte each
	simple.Server{
		Greet: func(_ []*simple.Conn, c *simple.Conn) {
			for sent := 0; sent < 256<<20; sent += len(crumbs) {
				if _, err := c.Write(crumbs); err != nil {
					return
				}
			}
		},
	}.Main()
}
