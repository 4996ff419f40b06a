// Command client has another name than its server.
//
// Fails: 5.2
// Diagnosis: name-differs
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{Name: "Ferris"}.Main()
}
