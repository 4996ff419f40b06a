// Command server throws away what a slow client has no room for, and tells nobody.
//
// Fails: 7.3
// Diagnosis: slow-skipped
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Slow: func(*simple.Conn) {}}.Main()
}
