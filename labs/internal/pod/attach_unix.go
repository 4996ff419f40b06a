//go:build unix

package pod

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// KeepTerminal remembers who reads the terminal and how, and returns what brings that back after a program in a pod has had
// it: the program's process group has the foreground then, and may have died with echo switched off. On anything but this
// process's own terminal both do nothing.
func KeepTerminal(f *os.File) (restore func()) {
	fd := int(f.Fd())
	modes, err := term.GetState(fd)
	group, noGroup := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	if err != nil || noGroup != nil || group != unix.Getpgrp() {
		return func() {}
	}
	return func() {
		// Who is not in the foreground is stopped for this, unless it ignores the signal (tcsetpgrp(3)).
		signal.Ignore(unix.SIGTTOU)
		defer signal.Reset(unix.SIGTTOU)
		if unix.IoctlSetPointerInt(fd, unix.TIOCSPGRP, group) == nil {
			term.Restore(fd, modes)
		}
	}
}
