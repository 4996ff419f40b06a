// Command server takes each fragment for a message.
//
// Fails: 3.6
// Diagnosis: fragments-as-messages
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Read: func(c *simple.Conn) (string, error) {
			for {
				f, err := c.ReadFrame()
				switch {
				case err != nil:
					return "", err
				case f.Opcode == simple.Text, f.Opcode == simple.Continuation:
					return string(f.Payload), nil
				}
				if err := c.Control(f); err != nil {
					return "", err
				}
			}
		},
	}.Main()
}
