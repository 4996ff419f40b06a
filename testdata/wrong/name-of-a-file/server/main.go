// Command server logs where in its code a line was printed, as log.Lshortfile has it, and no name.
//
// Fails: 5.1
// Diagnosis: name-missing
package main

import (
	"fmt"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{Joined: func(addr string) string { return fmt.Sprintf("main.go:%d: New connection from %s", 103, addr) }}.Main()
}
