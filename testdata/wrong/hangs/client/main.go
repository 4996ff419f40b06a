// Command client says that it was refused, and stays.
//
// Fails: 2.1
// Diagnosis: hangs
package main

import (
	"fmt"
	"net"
	"os"
	"time"

	"broadcastlab/testdata/simple"
)

func main() {
	simple.Client{
		Dial: func(_ *simple.Client, addr string) (net.Conn, error) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				<-time.After(24 * time.Hour) // a bare select{} would be found by the run time: "all goroutines are asleep"
			}
			return conn, err
		},
	}.Main()
}
