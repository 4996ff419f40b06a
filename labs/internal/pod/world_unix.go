//go:build unix && !linux

package pod

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// firstAttributes makes the first process a session leader, out of reach of the terminal's Ctrl-C.
func firstAttributes(string) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// programAttributes gives a judged program a session of its own, so that it has no terminal.
func programAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// enter has nothing to ready here.
func enter(string) error { return nil }

// limit leaves judged programs without limits: they cannot be set from outside here.
func limit(int) error { return nil }

// endAll kills the process groups of all that descend from this process, and lets nothing new be started. Who has
// left both, as a daemon does, is not found.
func endAll() {
	syscall.ForkLock.RLock() // for good: waits for starts under way, and lets no new one begin
	for pid := range family(os.Getpid()) {
		if pid != os.Getpid() {
			unix.Kill(-pid, unix.SIGKILL)
			unix.Kill(pid, unix.SIGKILL)
		}
	}
}
