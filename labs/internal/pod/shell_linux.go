package pod

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// Shell runs a person's own shell in an attached pod, called in its first process, and returns its exit status. The
// shell is no judged program: it is who it would be outside, has no limits, and may capture and shape the pod's
// network. If tty is a terminal the shell has it as its own, with job control. Processes that lose their parent are buried
// here, so nothing else may be started meanwhile.
func Shell(ctx context.Context, argv []string, tty *os.File, stdout, stderr *os.File) (status int, err error) {
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return 0, fmt.Errorf("start shell: %w", err)
	}
	attr := &syscall.SysProcAttr{Setpgid: true}
	if fd := int(tty.Fd()); term.IsTerminal(fd) {
		attr.Foreground, attr.Ctty = true, fd
	}
	// Capabilities belong to a thread, and this one is not needed any more.
	runtime.LockOSThread()
	if os.Geteuid() != 0 {
		unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
		attr.AmbientCaps = []uintptr{unix.CAP_NET_RAW, unix.CAP_NET_ADMIN}
	}
	shell, err := os.StartProcess(path, argv, &os.ProcAttr{
		Files: []*os.File{tty, stdout, stderr},
		Env:   append(os.Environ(), shellVariable+"="+network()),
		Sys:   attr,
	})
	if err != nil {
		return 0, fmt.Errorf("start shell: %w", err)
	}
	defer context.AfterFunc(ctx, func() { shell.Kill() })()
	return bury(shell.Pid)
}

// bury waits for all processes that end here until it is the shell. A shell that has stopped itself is woken: its parent would
// be the one to do so, and knows nobody to give the terminal to meanwhile.
func bury(shell int) (status int, err error) {
	for {
		var how unix.WaitStatus
		switch pid, err := unix.Wait4(-1, &how, unix.WUNTRACED, nil); {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, fmt.Errorf("wait for shell: %w", err)
		case pid != shell:
		case how.Stopped():
			unix.Kill(shell, unix.SIGCONT)
		case how.Signaled():
			return 128 + int(how.Signal()), nil // as shells say it of their own programs
		default:
			return how.ExitStatus(), nil
		}
	}
}

// network names this process's network namespace (namespaces(7)).
func network() string {
	name, _ := os.Readlink("/proc/self/ns/net")
	return name
}
