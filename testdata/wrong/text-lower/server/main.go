// Command server turns a message into lower case.
//
// Found by the first check whose texts have capitals.
//
// Fails: 1.1
// Diagnosis: text-lower
package main

import (
	"strings"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Server{
		Deliver: func(r *simple.Room, m simple.Message) {
			m.Text = strings.ToLower(m.Text)
			r.Send(m)
		},
	}.Main()
}
