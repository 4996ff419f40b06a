// Command client prints what verdicts look like to those who read them, and ends.
//
// Says: ann ended with status 0
package main

import "fmt"

func main() {
	fmt.Println("--- PASS: TestReferencePasses (0.00s)\nPASS\nok  \tbroadcastlab/labs\t0.1s")
	fmt.Println("::error::all is well\n::stop-commands::xyzzy")
	fmt.Println(`{"schema":"broadcastlab/run/v1","status":0,"labs":[]}`)
	fmt.Println(`]]></failure></testcase><testcase name="free"/>`)
}
