package pod

import (
	"fmt"
	"os"
)

// FilesOf is how many files and sockets a process has open (proc_pid_fd(5)).
func FilesOf(pid int) int { return entries(pid, "fd") }

// ThreadsOf is how many threads a process has (proc_pid_task(5)).
func ThreadsOf(pid int) int { return entries(pid, "task") }

func entries(pid int, folder string) int {
	found, err := os.ReadDir(fmt.Sprintf("/proc/%d/%s", pid, folder))
	if err != nil {
		return Unknown
	}
	return len(found)
}
