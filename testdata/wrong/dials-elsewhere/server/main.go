// Command server is right.
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{}.Main()
}
