// Command client takes a line apart and joins its words with single blanks.
//
// Fails: 1.5
// Diagnosis: blanks-collapsed
package main

import (
	"strings"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			send := s.Send
			s.Send = func(text string) { send(strings.Join(strings.Fields(text), " ")) }
			s.Chat()
		},
	}.Main()
}
