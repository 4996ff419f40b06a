package pod

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// Attach is Run for work that a person takes part in. What the first process writes on out and on standard error goes to
// stdout and stderr as it comes; the files are there as File(0), File(1) and so on; and it stays in its caller's session, so that a
// program in the pod can have the terminal. When ctx is cancelled the work is, too, and has a while to come to its end.
// status is that of the first process; the error is for a pod that could not be started or was killed.
func (w World) Attach(ctx context.Context, job []byte, stdout, stderr io.Writer, files ...*os.File) (status int, err error) {
	if !w.Isolated {
		return 0, errors.New("attach to a pod: it would have no network of its own")
	}
	cmd := exec.CommandContext(ctx, self())
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = stdout, stderr, files
	err = w.launch(cmd, roleAttached, job, func(err error) error {
		if cmd.ProcessState != nil && cmd.ProcessState.Exited() {
			return nil // what it had to say of it, it has said on standard error
		}
		return explain(err, context.Cause(ctx), "")
	})
	if err != nil {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), nil
}

// File is the n-th of the files that the caller of Attach has handed over. It is called in the first process.
func File(n int) *os.File {
	const first = 3 // after standard input, output and error
	return os.NewFile(uintptr(first+n), fmt.Sprintf("file %d", n))
}
