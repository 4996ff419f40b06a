// Command client hands what is typed to a goroutine that sends it, and does not wait for that at the end.
//
// A line takes a while on its way, so that the end of the input always comes first.
//
// Fails: 6.5
// Diagnosis: last-lines-lost
package main

import (
	"time"

	"broadcastlab/testdata/simple"
)

// delay is as short as nobody notices, and longer than a program takes to end.
const delay = 100 * time.Millisecond

func main() {
	simple.Client{
		Chat: func(s *simple.Session) {
			lines := make(chan string, 1000)
			go func() { // ends with the program, which does not wait for it
				for text := range lines {
					<-time.After(delay)
					s.Send(text)
				}
			}()
			for {
				select {
				case text, ok := <-s.Typed:
					if !ok {
						return
					}
					lines <- text
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
