// Command server takes memory without end; at six gigabytes it stops, for machines that set it no limit.
//
// Says: out of memory
package main

import (
	"fmt"
	"time"
)

func main() {
	const page = 4096
	var taken [][]byte
	for range 6 << 4 {
		more := make([]byte, 64<<20)
		for i := 0; i < len(more)/16; i += page { // some of it is used, the rest only taken
			more[i] = 1
		}
		taken = append(taken, more)
	}
	<-time.After(5 * time.Minute)
	fmt.Println(len(taken))
}
