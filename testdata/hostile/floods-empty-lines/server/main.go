// Command server prints a gigabyte of empty lines: the cheapest that there are, and the dearest to keep.
//
// Says: it had printed more than 100000 lines
package main

import (
	"bytes"
	"os"

	"broadcastlab/testdata/simple"
)

func main() {
	lines := bytes.Repeat([]byte("\n"), 1<<16)
	for printed := 0; printed < 1<<30; printed += len(lines) {
		os.Stdout.Write(lines)
	}
	simple.Server{}.Main()
}
