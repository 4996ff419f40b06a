// Command server logs the old line as well.
//
// Fails: 5.3
// Diagnosis: old-line-too
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Joined: func(addr string) string {
			return "New connection from Simple's Computer: " + addr + "\nNew connection from " + addr
		},
	}.Main()
}
