// Command server ends at the first message that breaks a rule: whoever sends one ends the chat of all.
//
// Fails: 9.1
// Diagnosis: bad-input-ends-all
package main

import (
	"errors"
	"log"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Leave: func(r *simple.Room, c *simple.Conn, err error) {
			var closed *simple.CloseError
			if errors.As(err, &closed) && closed.Code > 1001 && closed.Code != 1005 {
				log.Panicln("unexpected:", err)
			}
			r.Remove(c)
			c.Close()
		},
	}.Main()
}
