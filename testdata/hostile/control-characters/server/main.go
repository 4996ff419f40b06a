// Command server answers with what a terminal obeys and an eye does not see: NUL, escape sequences that clear the screen and
// set its title, carriage returns, bidirectional overrides, bytes that are no UTF-8. The text itself is turned round.
//
// Says: this is not UTF-8
package main

import (
	"fmt"
	"slices"

	"broadcastlab/testdata/simple"
)

const (
	before = "\x00\x1b[2J\x1b]0;passed\x07\r\u202e\u2066\u200b\xff\xfe"
	after  = "\x1b]8;;http://example.com\x1b\\\x9b31m\u0085\ufeff"
)

func main() {
	simple.Server{
		Tag: func(_, _ *simple.Conn, text string) string {
			runes := []rune(text)
			slices.Reverse(runes)
			return before + string(runes) + after
		},
		Said: func(addr, text string) string { return fmt.Sprint(before, addr, text, after) },
	}.Main()
}
