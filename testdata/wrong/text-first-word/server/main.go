// Command server keeps the first word of a message.
//
// Found by the first check whose texts have inner blanks.
//
// Fails: 1.1
// Diagnosis: text-first-word
package main

import (
	"strings"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			m.Text, _, _ = strings.Cut(m.Text, " ")
			r.Send(m)
		},
	}.Main()
}
