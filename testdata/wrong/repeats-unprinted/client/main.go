// Command client does not print what it has just printed.
//
// Fails: 1.5
// Diagnosis: repeats-unprinted
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			print, last := s.Print, ""
			s.Print = func(text string) {
				if text != last {
					print(text)
				}
				last = text
			}
			s.Chat()
		},
	}.Main()
}
