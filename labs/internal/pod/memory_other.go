//go:build !linux

package pod

import "github.com/shirou/gopsutil/v4/process"

// Memory is how much memory a process has in use, in bytes: its resident set. It is 0 for one that is gone, and where
// the system does not tell.
func Memory(pid int) int64 {
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return 0
	}
	info, err := p.MemoryInfo()
	if err != nil {
		return 0
	}
	return int64(info.RSS)
}
