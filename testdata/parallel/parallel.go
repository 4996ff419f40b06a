// Package parallel lets tests that mostly wait do so beside each other.
package parallel

import (
	"flag"
	"strconv"
)

// Default makes n the number of parallel tests that run at once, where go test's -parallel does not say another: its own default is
// the number of processors. It is for TestMain.
func Default(n int) {
	flag.Parse()
	parallel := flag.Lookup("test.parallel")
	if parallel.Value.String() == parallel.DefValue {
		parallel.Value.Set(strconv.Itoa(n))
	}
}
