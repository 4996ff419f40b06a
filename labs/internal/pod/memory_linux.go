package pod

import (
	"fmt"
	"os"
)

// Memory is how much memory a process has in use, in bytes: its resident set (proc_pid_statm(5)). It is 0 for one that is gone.
func Memory(pid int) int64 {
	var size, resident int64
	if _, err := fmt.Sscan(string(readProc(make([]byte, 128), "/proc/%d/statm", pid)), &size, &resident); err != nil {
		return 0
	}
	return resident * int64(os.Getpagesize())
}
