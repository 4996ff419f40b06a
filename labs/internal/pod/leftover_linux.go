package pod

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// endAll ends every process that was started below this one; afterwards none can be started. It is the last thing
// that a first process does: statuses that somebody still waits for are taken away.
func endAll() {
	if inside() {
		return // the kernel does it when the first process of a PID namespace ends (pid_namespaces(7))
	}
	syscall.ForkLock.RLock() // for good: waits for starts under way, and lets no new one begin
	for {
		// A killed child's own children become ours, since we are their subreaper. So it is enough to look one
		// generation down, until wait says that there is none.
		for _, pid := range children(os.Getpid()) {
			unix.Kill(-pid, unix.SIGKILL)
			unix.Kill(pid, unix.SIGKILL)
			for wait(pid, 0) == unix.EINTR {
			}
		}
		if wait(-1, unix.WNOHANG) == unix.ECHILD {
			return
		}
	}
}

func wait(pid, options int) error {
	_, err := unix.Wait4(pid, nil, options, nil)
	return err
}
