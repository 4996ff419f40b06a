// Command server writes to each client in turn: while one does not take it, all the others wait.
//
// Fails: 7.1
// Diagnosis: slow-blocks-all
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Unqueued: true}.Main()
}
