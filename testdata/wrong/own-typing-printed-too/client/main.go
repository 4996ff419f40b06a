// Command client prints what it types, and what it hears as well.
//
// What it types itself it prints twice, once before the server has said it.
//
// Fails: 1.5
// Diagnosis: own-typing-printed-too
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			send := s.Send
			s.Send = func(text string) {
				s.Print(text)
				send(text)
			}
			s.Chat()
		},
	}.Main()
}
