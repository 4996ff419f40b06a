// Command client sends a quarter of a gigabyte that nobody typed.
//
// Says: was cut off by the kit: it had sent more than 64 MiB
package main

import (
	"strings"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			text := strings.Repeat("And another thing. ", 200)
			for sent := 0; sent < 256<<20; sent += len(text) {
				s.Send(text)
			}
			s.Chat()
		},
	}.Main()
}
