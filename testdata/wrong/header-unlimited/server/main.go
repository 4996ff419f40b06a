// Command server reads a request of any size.
//
// Fails: 9.6
// Diagnosis: header-unlimited
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{MaxHeader: 1 << 40}.Main()
}
