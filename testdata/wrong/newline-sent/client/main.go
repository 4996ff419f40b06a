// Command client sends the newline along.
//
// Fails: 1.5
// Diagnosis: newline-sent
package main

import (
	"io"
	"iter"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Lines: func(r io.Reader) iter.Seq[string] {
			return func(yield func(string) bool) {
				for line := range simple.Lines(r) {
					if !yield(line + "\n") {
						return
					}
				}
			}
		},
	}.Main()
}
