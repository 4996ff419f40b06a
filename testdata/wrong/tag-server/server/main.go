// Command server tags with its own address.
//
// Fails: 4.1
// Diagnosis: tag-server
package main

import (
	"strconv"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Tag: func(from, _ *simple.Conn, text string) string {
			return from.LocalAddr().String() + ": " + strconv.Quote(text)
		},
	}.Main()
}
