// Command client has a new name in every line but the first.
//
// Fails: 5.2
// Diagnosis: name-changes
package main

import (
	"fmt"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Line: func(text string) string {
			lines++
			name := "Simple"
			if lines > 1 {
				name = fmt.Sprint("Client", lines)
			}
			return name + "'s Computer - From server: " + text
		},
	}.Main()
}

var lines int // that were printed; only the main goroutine prints
