// Command client notices only at the next typed line that the server has closed the chat.
//
// Fails: 10.3
// Diagnosis: waits-for-line
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			for heard, over := s.Heard, false; ; {
				select {
				case text, ok := <-s.Typed:
					if !ok || over {
						return
					}
					s.Send(text)
				case text, ok := <-heard:
					if !ok {
						heard, over = nil, true
						continue
					}
					s.Print(text)
				}
			}
		},
	}.Main()
}
