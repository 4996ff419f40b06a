// Command server ends at a signal without a Close to anybody.
//
// Fails: 10.1
// Diagnosis: ends-without-close
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Stop: func(*simple.Room) {}}.Main()
}
