// Command server delivers a message when its sender types the next one.
//
// Fails: 1.1
// Diagnosis: waits-for-next
package main

import (
	"sync"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			mu.Lock()
			last, ok := unsent[m.From]
			unsent[m.From] = m
			mu.Unlock()
			if ok {
				r.Send(last)
			}
		},
	}.Main()
}

var (
	mu     sync.Mutex                          // guards unsent
	unsent = map[*simple.Conn]simple.Message{} // the last one of each sender
)
