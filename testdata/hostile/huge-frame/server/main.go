// Command server announces a frame of 2^62 bytes and sends the first few.
//
// Says: the beginning of a frame that says it has 4611686018427387904 bytes
package main

import (
	"encoding/binary"

	"broadcastlab/testdata/simple"
)

func main() {
	head := binary.BigEndian.AppendUint64([]byte{0x80 | simple.Text, 127}, 1<<62)
	simple.Server{
		Greet: func(_ []*simple.Conn, c *simple.Conn) { c.Write(append(head, "Hello"...)) },
	}.Main()
}
