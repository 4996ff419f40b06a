// Command server logs messages without their sender.
//
// Fails: 1.8
// Diagnosis: message-log-without-address
package main

import (
	"strconv"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{Said: func(_, text string) string { return "From client " + strconv.Quote(text) }}.Main()
}
