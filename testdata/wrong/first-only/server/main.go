// Command server sends to the first client only.
//
// Fails: 1.1
// Diagnosis: first-only
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			r.SendTo(m, func(i int, _ *simple.Conn) bool { return i == 0 })
		},
	}.Main()
}
