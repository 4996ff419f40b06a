// Command server uses more and more memory, and goes on; at three gigabytes it stops, for machines that set it no limit.
//
// Says: had taken more than 1024 MiB of memory
package main

import (
	"fmt"
	"time"
)

func main() {
	const page = 4096
	var taken [][]byte
	for range 3 << 4 {
		more := make([]byte, 64<<20)
		for i := 0; i < len(more); i += page {
			more[i] = 1
		}
		taken = append(taken, more)
	}
	<-time.After(5 * time.Minute)
	fmt.Println(len(taken))
}
