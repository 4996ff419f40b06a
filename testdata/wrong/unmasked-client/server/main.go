// Command server is right, but for what it forgives: a frame without a mask, so that its client can chat.
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Forgive: func(code uint16) bool { return code == 1002 }}.Main()
}
