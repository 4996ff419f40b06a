// Command server puts quotes around a text by hand and escapes nothing.
//
// Fails: 4.3
// Diagnosis: tag-unescaped
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Tag: func(from, _ *simple.Conn, text string) string { return from.Addr() + ": \"" + text + "\"" }}.Main()
}
