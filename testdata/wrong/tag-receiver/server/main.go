// Command server tags each copy with the receiver's address.
//
// The copies differ, so the check of the order (1.3) must compare texts and not whole messages.
//
// Fails: 4.1
// Diagnosis: tag-receiver
package main

import (
	"strconv"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{Tag: func(_, to *simple.Conn, text string) string { return to.Addr() + ": " + strconv.Quote(text) }}.Main()
}
