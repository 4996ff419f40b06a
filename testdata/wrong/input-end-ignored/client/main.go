// Command client stays in the chat when its input has ended, until the server ends it.
//
// Fails: 6.5
// Diagnosis: input-end-ignored
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			for typed := s.Typed; ; {
				select {
				case text, ok := <-typed:
					if !ok {
						typed = nil
						continue
					}
					s.Send(text)
				case text, ok := <-s.Heard:
					if !ok {
						return
					}
					s.Print(text)
				}
			}
		},
	}.Main()
}
