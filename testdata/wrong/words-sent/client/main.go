// Command client sends each word of a line as a message.
//
// Fails: 1.5
// Diagnosis: words-sent
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
				words := bufio.NewScanner(r)
				words.Split(bufio.ScanWords)
				for words.Scan() && yield(words.Text()) {
				}
			}
		},
	}.Main()
}
