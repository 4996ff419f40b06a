// Command client reads lines of 64 KiB at most, and takes a longer one for the end of its input.
//
// Fails: 1.9
// Diagnosis: line-limit
package main

import (
	"bufio"
	"io"
	"iter"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Lines: func(r io.Reader) iter.Seq[string] {
			return func(yield func(string) bool) {
				lines := bufio.NewScanner(r)
				for lines.Scan() && yield(lines.Text()) {
				}
			}
		},
	}.Main()
}
