// Command server prints a gigabyte before it does anything else.
//
// Says: it had printed more than 8 MiB
package main

import (
	"bytes"
	"os"

	"broadcastlab/testdata/simple"
)

func main() {
	lines := bytes.Repeat([]byte("What a beautiful day to print a line.\n"), 1<<15)
	for printed := 0; printed < 1<<30; printed += len(lines) {
		os.Stdout.Write(lines)
	}
	simple.Server{}.Main()
}
