// Command client prints what it has heard when its input ends.
//
// Fails: 1.5
// Diagnosis: prints-at-end
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			var texts []string
			show := s.Print
			s.Print = func(text string) { texts = append(texts, text) }
			s.Chat()
			s.Print = show
			for _, text := range texts {
				s.Print(text)
			}
		},
	}.Main()
}
