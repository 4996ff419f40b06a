// Command server sends each message twice.
//
// Fails: 1.1
// Diagnosis: sent-twice
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			r.Send(m)
			r.Send(m)
		},
	}.Main()
}
