package pod

import (
	"errors"
	"fmt"
	"os/exec"
	"time"
)

const (
	// MemoryLimit is how much writable memory each process of a judged program may map, used or not, in bytes. It
	// stops a runaway, no more: a quiet Go program maps 200 MiB, one with the race detector 800 MiB, and Java
	// 1.4 GiB on a machine of 24 GiB and more on a larger one.
	MemoryLimit = 3 << 30
	// FileLimit is the size of the largest file that a judged program may write, in bytes.
	FileLimit = 64 << 20
	// OpenFiles is how many files and sockets it may hold at once.
	OpenFiles = 1024
	// Threads is how many threads its processes may have, taken together, in an isolated pod.
	Threads = 1024
	// outputDelay is how long a process that outlives its program can hold up Wait by keeping the program's output open.
	outputDelay = 500 * time.Millisecond
)

// Start starts cmd as a judged program; it is called in a pod's first process. The program has a session and a
// process group of its own, no terminal, limits, and in an isolated pod a user namespace of its own. cmd.Env must be
// set, to Environ and what the check adds, since by default all of this process's environment would be handed on.
// A zero WaitDelay becomes half a second.
func Start(cmd *exec.Cmd) error {
	if cmd.Env == nil {
		return fmt.Errorf("start %q: no environment set", cmd.Path)
	}
	cmd.SysProcAttr = programAttributes()
	if cmd.WaitDelay == 0 {
		cmd.WaitDelay = outputDelay
	}
	if cmd.Cancel != nil { // made by exec.CommandContext
		cmd.Cancel = func() error { Kill(cmd); return nil }
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %q: %w", cmd.Path, err)
	}
	if err := limit(cmd.Process.Pid); err != nil {
		Kill(cmd)
		return errors.Join(fmt.Errorf("limit %q: %w", cmd.Path, err), cmd.Wait())
	}
	return nil
}
