// Command client prints what it types as if it had heard it.
//
// It never prints what it hears until its input ends.
//
// Fails: 1.5
// Diagnosis: own-typing-printed
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			for text := range s.Typed {
				s.Send(text)
				s.Print(text)
			}
		},
	}.Main()
}
