// Command server hangs up on a client that says Close, without an answer.
//
// Fails: 6.2
// Diagnosis: close-unanswered
package main

import (
	"errors"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Read: func(c *simple.Conn) (string, error) {
			var text []byte
			for {
				f, err := c.ReadFrame()
				switch {
				case err != nil:
					return "", err
				case f.Opcode == simple.Text || f.Opcode == simple.Continuation:
					if text = append(text, f.Payload...); f.Final {
						return string(text), nil
					}
				case f.Opcode == simple.Close:
					return "", errors.New("said Close")
				default:
					if err := c.Control(f); err != nil {
						return "", err
					}
				}
			}
		},
	}.Main()
}
