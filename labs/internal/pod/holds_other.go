//go:build !linux

package pod

import "github.com/shirou/gopsutil/v4/process"

// FilesOf is how many files, sockets and other handles a process has open.
func FilesOf(pid int) int { return count(pid, (*process.Process).NumFDs) }

// ThreadsOf is how many threads a process has.
func ThreadsOf(pid int) int { return count(pid, (*process.Process).NumThreads) }

func count(pid int, what func(*process.Process) (int32, error)) int {
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return Unknown
	}
	n, err := what(p)
	if err != nil {
		return Unknown
	}
	return int(n)
}
