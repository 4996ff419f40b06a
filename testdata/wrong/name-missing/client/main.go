// Command client prints no name.
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{Line: func(text string) string { return "From server: " + text }}.Main()
}
