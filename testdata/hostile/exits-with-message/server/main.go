// Command server says what it is missing and ends.
//
// Says: ended with status 3; it printed last: open chat.conf: no such file or directory
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "open chat.conf: no such file or directory")
	os.Exit(3)
}
