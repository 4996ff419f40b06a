//go:build linux

// Command server has more and more memory in use, and goes on; at three gigabytes it stops, for machines that set it no limit.
// It is the same piece again and again: a busy machine would need seconds for a gigabyte of fresh memory.
//
// Says: had taken more than 1024 MiB of memory
package main

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

const piece = 32 << 20

func main() {
	file, err := os.CreateTemp("", "piece")
	if err == nil {
		os.Remove(file.Name())
		err = file.Truncate(piece)
	}
	for range (3 << 30) / piece {
		if err == nil {
			_, err = syscall.Mmap(int(file.Fd()), 0, piece, syscall.PROT_READ, syscall.MAP_SHARED|syscall.MAP_POPULATE)
		}
	}
	fmt.Println(err)
	<-time.After(5 * time.Minute)
}
