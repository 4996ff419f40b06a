// Command server puts quotes around a text by hand, and escapes backslashes and quotes, but no newline.
//
// Fails: 4.3
// Diagnosis: tag-unescaped
package main

import (
	"strings"

	"broadcastlab/testdata/simple"
)

var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func main() {
	simple.Server{Tag: func(from, _ *simple.Conn, text string) string {
		return from.Addr() + ": \"" + escaper.Replace(text) + "\""
	}}.Main()
}
