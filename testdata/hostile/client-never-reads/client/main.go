// Command client prints what it hears and never reads its input.
//
// Says: hub did not hear it
package main

import (
	"io"
	"iter"
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Lines: func(io.Reader) iter.Seq[string] {
			return func(func(string) bool) { <-time.After(5 * time.Minute) }
		},
	}.Main()
}
