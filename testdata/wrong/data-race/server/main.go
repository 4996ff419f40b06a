// Command server counts its messages for a line of statistics, and another goroutine reads the number without a lock.
//
// That goroutine does nothing that would order it behind the others, so the race detector finds it each time.
//
// Fails: 11.1
// Diagnosis: data-race
package main

import (
	"fmt"
	"time"

	"broadcastlab/testdata/simple"
)

// milestone is a number of messages that is worth a line.
const milestone = 1_000_000

func main() {
	said := 0
	go func() {
		for range time.Tick(time.Millisecond) {
			if said >= milestone {
				fmt.Println("a million messages")
				return
			}
		}
	}()
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			said++
			r.Send(m)
		},
	}.Main()
}
