//go:build linux

// Command server uses more and more memory, and goes on; at three gigabytes it stops, for machines that set it no limit.
// It does so with all its might, in large pages and many threads: a gigabyte takes a busy machine seconds otherwise.
//
// Says: had taken more than 1024 MiB of memory
package main

import (
	"syscall"
	"time"
)

func main() {
	for range 3 << 4 {
		more, err := syscall.Mmap(-1, 0, 64<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			break
		}
		syscall.Madvise(more, 14) // MADV_HUGEPAGE: where it is refused, small pages do
		go func() {
			for i := 0; i < len(more); i += 4096 {
				more[i] = 1
			}
		}()
	}
	<-time.After(5 * time.Minute)
}
