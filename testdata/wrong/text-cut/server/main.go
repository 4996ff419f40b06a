// Command server cuts a message after 100 bytes.
//
// Found by the first check whose texts are long; 200 characters are promised.
//
// Fails: 1.1
// Diagnosis: text-cut
package main

import "broadcastlab/testdata/simple"

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			m.Text = m.Text[:min(len(m.Text), 100)]
			r.Send(m)
		},
	}.Main()
}
