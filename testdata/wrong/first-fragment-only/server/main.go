// Command server takes the first fragment for the whole message.
//
// Fails: 3.6
// Diagnosis: first-fragment-only
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
				case f.Opcode == simple.Text:
					return string(f.Payload), nil
				case f.Opcode == simple.Continuation: // lost
				default:
					if err := c.Control(f); err != nil {
						return "", err
					}
				}
			}
		},
	}.Main()
}
