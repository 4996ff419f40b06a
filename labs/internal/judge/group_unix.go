//go:build unix

package judge

import (
	"os"
	"os/exec"
	"syscall"

	"broadcastlab/labs/internal/pod"
)

// inGroup gives a build a process group of its own. Cancelled, all of it is interrupted, so that it can remove its
// temporary files; what is left afterwards, such as a compiler whose go command is gone, is ended by the returned func.
func inGroup(cmd *exec.Cmd) (sweep func()) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return pod.Signal(cmd, os.Interrupt) }
	return func() { pod.Kill(cmd) }
}
