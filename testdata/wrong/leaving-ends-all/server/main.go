// Command server ends when a client leaves without a Close: it takes that for an error of its own.
//
// Fails: 6.1
// Diagnosis: leaving-ends-all
package main

import (
	"errors"
	"log"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Leave: func(r *simple.Room, c *simple.Conn, err error) {
			if !errors.As(err, new(*simple.CloseError)) {
				log.Fatalln("read:", err)
			}
			r.Remove(c)
			c.Close()
		},
	}.Main()
}
