// Command client takes turns: it hears one message, then it sends one line.
//
// Fails: 1.5
// Diagnosis: takes-turns
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			for text := range s.Heard {
				s.Print(text)
				line, ok := <-s.Typed
				if !ok {
					return
				}
				s.Send(line)
			}
		},
	}.Main()
}
