//go:build unix

package pod

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// Signal sends sig to the program's whole process group, as a terminal does, so that it also arrives where a shell
// or a launcher stands before the program. os.ErrProcessDone says that nobody is left there.
func Signal(cmd *exec.Cmd, sig os.Signal) error {
	number, ok := sig.(syscall.Signal)
	if !ok {
		return fmt.Errorf("signal %q: not a signal of this system", sig)
	}
	err := unix.Kill(-cmd.Process.Pid, number)
	if errors.Is(err, unix.ESRCH) {
		return os.ErrProcessDone
	}
	return os.NewSyscallError("kill", err)
}

// Kill ends the program's whole process group at once. Whoever called Start still has to Wait.
func Kill(cmd *exec.Cmd) {
	unix.Kill(-cmd.Process.Pid, unix.SIGKILL)
}
