// Command client prints no name, although its server has one.
//
// Fails: 5.2
// Diagnosis: name-server-only
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{Line: func(text string) string { return "From server: " + text }}.Main()
}
