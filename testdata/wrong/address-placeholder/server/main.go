// Command server logs the placeholder instead of the address.
//
// 1.8 is a stretch check; of the required ones 5.1 is the first to fail.
//
// Fails: 1.8
// Diagnosis: address-placeholder
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Joined: func(string) string { return "New connection from Simple's Computer: {addr:?}" }}.Main()
}
