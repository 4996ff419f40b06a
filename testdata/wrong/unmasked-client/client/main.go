// Command client sends frames without a mask.
//
// Its server takes them, and so do the hosts of the checks before 3.5.
//
// Fails: 3.5
// Diagnosis: unmasked-client
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{Unmasked: true}.Main()
}
