// Command server passes on what is said, and not who said it.
//
// Fails: 4.1
// Diagnosis: tag-missing
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Tag: func(_, _ *simple.Conn, text string) string { return text },
	}.Main()
}
