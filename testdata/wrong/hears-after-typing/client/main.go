// Command client hears only after it has typed: one message for each line.
//
// Fails: 1.5
// Diagnosis: hears-after-typing
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			for text := range s.Typed {
				s.Send(text)
				text, ok := <-s.Heard
				if !ok {
					return
				}
				s.Print(text)
			}
		},
	}.Main()
}
