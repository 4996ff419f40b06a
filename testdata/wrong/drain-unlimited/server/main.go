// Command server waits at its end until every client has left, however long one of them takes.
//
// Fails: 10.5
// Diagnosis: drain-unlimited
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Stop: func(r *simple.Room) {
			for !r.Close(1001) {
			}
		},
	}.Main()
}
