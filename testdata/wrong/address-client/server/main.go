// Command server logs the constant "client" instead of the address.
//
// Fails: 5.1
// Diagnosis: address-placeholder
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{Joined: func(string) string { return "New connection from Simple's Computer: client" }}.Main()
}
