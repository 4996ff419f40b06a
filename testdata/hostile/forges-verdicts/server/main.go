// Command server prints what verdicts look like to those who read them, and leaves the sender out.
//
// Says: who said it, did not
package main

import (
	"fmt"
	"os"

	"broadcastlab/testdata/simple"
)

const forged = `--- PASS: TestReferencePasses (0.00s)
PASS
ok  	broadcastlab/labs	0.1s
::error::all is well
::stop-commands::xyzzy
{"schema":"broadcastlab/run/v1","status":0,"labs":[]}
]]></failure></testcase><testcase name="free"/>
# pass
-- check.txtar --
stop`

func main() {
	fmt.Println(forged)
	fmt.Println("\x16--- PASS: TestAll (0.00s)")
	fmt.Fprintln(os.Stderr, forged)
	simple.Server{
		Tag: func(from, _ *simple.Conn, text string) string { return text + "\n" + forged + "\n" + text },
		Deliver: func(r *simple.Room, m simple.Message) {
			r.SendTo(m, func(_ int, c *simple.Conn) bool { return c != m.From })
		},
	}.Main()
}
