// Command server takes a ping for a message.
//
// It does not answer it, and a ping between two fragments ends their message.
//
// Fails: 3.6
// Diagnosis: ping-as-message
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Read: func(c *simple.Conn) (string, error) {
			var text []byte
			for {
				f, err := c.ReadFrame()
				switch {
				case err != nil:
					return "", err
				case f.Opcode == simple.Text, f.Opcode == simple.Continuation, f.Opcode == simple.Ping:
					text = append(text, f.Payload...)
					if f.Final {
						return string(text), nil
					}
				default:
					if err := c.Control(f); err != nil {
						return "", err
					}
				}
			}
		},
	}.Main()
}
