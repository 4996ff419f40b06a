// Command server does not greet.
//
// Fails: 1.7
// Diagnosis: welcome-missing
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Greet: func([]*simple.Conn, *simple.Conn) {}}.Main()
}
