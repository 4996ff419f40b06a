// Command client prints a gigabyte once it is connected.
//
// Says: it had printed more than 8 MiB
package main

import (
	"strings"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			text := strings.Repeat("Nobody asked me. ", 1000)
			for range 1 << 16 {
				s.Print(text)
			}
			s.Chat()
		},
	}.Main()
}
