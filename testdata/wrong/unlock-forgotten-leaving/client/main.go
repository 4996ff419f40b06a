// Command client is right.
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{}.Main()
}
