// Command server takes every byte for a character, so that other scripts are garbled.
//
// Found by the first check whose texts have letters of other scripts.
//
// Fails: 1.1
// Diagnosis: text-latin1
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			var text []rune
			for _, b := range []byte(m.Text) {
				text = append(text, rune(b))
			}
			m.Text = string(text)
			r.Send(m)
		},
	}.Main()
}
