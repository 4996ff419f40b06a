// Command server prints a gigabyte before it does anything else.
//
// Says: it had printed more than 8 MiB
package main

import (
	"os"
	"strings"

	"broadcastlab/testdata/simple"
)

func main() {
	line := strings.Repeat("What a beautiful day to print a line. ", 30) + "\n"
	lines := []byte(strings.Repeat(line, 1<<10))
	for printed := 0; printed < 1<<30; printed += len(lines) {
		os.Stdout.Write(lines)
	}
	simple.Server{}.Main()
}
