// Command client prints where in its code a line was printed, and no name.
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Client{Line: func(text string) string { return "main.go:57: From server: " + text }}.Main()
}
