// Command server locks for each message, and forgets to unlock: the first one is sent, and the next one waits for ever.
//
// Fails: 1.1
// Diagnosis: stuck-after-message
package main

import (
	"sync"

	"broadcastlab/testdata/simple"
)

var mu sync.Mutex // one message is sent at a time

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			mu.Lock()
			r.Send(m)
		},
	}.Main()
}
