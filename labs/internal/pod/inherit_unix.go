//go:build unix

package pod

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// keepToItself has no program that is started here inherit a file unasked: neither those of Attach nor what whoever started this
// tool had left open. All that Go opens itself is closed on exec already.
func keepToItself() error {
	open, err := os.ReadDir("/dev/fd")
	for _, file := range open {
		if fd, err := strconv.Atoi(file.Name()); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
	return err
}
