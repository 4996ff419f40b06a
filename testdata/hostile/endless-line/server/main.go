// Command server prints one line of a gigabyte, which never ends.
//
// Says: it had printed more than 8 MiB
package main

import (
	"bytes"
	"os"

	"broadcastlab/testdata/simple"
)

func main() {
	part := bytes.Repeat([]byte("and on and "), 1<<16)
	for printed := 0; printed < 1<<30; printed += len(part) {
		os.Stderr.Write(part)
	}
	simple.Server{}.Main()
}
