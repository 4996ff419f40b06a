//go:build unix

package harness

import (
	"runtime"
	"syscall"
)

// memory is the most memory that the program has had, in bytes, once it has ended; 0 where it is not known.
func (p *program) memory() int64 {
	usage, ok := p.cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss) // bytes; kilobytes elsewhere
	}
	return int64(usage.Maxrss) << 10
}
