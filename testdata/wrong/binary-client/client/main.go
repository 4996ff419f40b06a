// Command client sends binary frames.
//
// Its server goes on with text: a right server closes on binary.
//
// Fails: 1.5
// Diagnosis: binary-client
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{Opcode: simple.Binary}.Main()
}
