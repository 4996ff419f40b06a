// Command client trims the lines it sends.
//
// Fails: 1.9
// Diagnosis: blanks-trimmed
package main

import (
	"io"
	"iter"
	"strings"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Lines: func(r io.Reader) iter.Seq[string] {
			return func(yield func(string) bool) {
				for line := range simple.Lines(r) {
					if !yield(strings.TrimSpace(line)) {
						return
					}
				}
			}
		},
	}.Main()
}
