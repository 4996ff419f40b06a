// Command server tags the others' copies and not the sender's own.
//
// Fails: 4.1
// Diagnosis: tag-not-own
package main

import (
	"strconv"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Tag: func(from, to *simple.Conn, text string) string {
			if from == to {
				return text
			}
			return from.Addr() + ": " + strconv.Quote(text)
		},
	}.Main()
}
