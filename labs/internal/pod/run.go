package pod

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

const (
	// MaxOutput is how much a pod's first process may write, in bytes.
	MaxOutput = 64 << 20
	// tailSize is how much of its standard error an error shows, in bytes.
	tailSize = 8 << 10
	// endDelay is the time that a pod without namespaces has to end its programs, once it was told to.
	endDelay = 10 * time.Second
)

// Run starts a pod, hands it the job, and returns what its first process wrote on out, MaxOutput bytes at most.
// A first process that ends with a status other than 0 is an error, which shows the last it wrote on standard error.
// When ctx is cancelled the pod is killed with everything in it. Run returns only after the pod is gone.
func (w World) Run(ctx context.Context, job []byte) ([]byte, error) {
	role := roleShared
	if w.Isolated {
		role = roleIsolated
	}
	return w.run(ctx, role, job)
}

func (w World) run(ctx context.Context, role string, job []byte) ([]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out := &limited{limit: MaxOutput, over: cancel}
	stderr := &tail{limit: tailSize}
	cmd := exec.CommandContext(ctx, self())
	cmd.Stdout, cmd.Stderr = out, stderr
	err := w.launch(cmd, role, job, func(err error) error { return explain(err, context.Cause(ctx), stderr.String()) })
	if err != nil {
		return nil, err
	}
	return out.kept, nil
}

// launch starts cmd as a pod's first process, hands it the job, and returns when the pod is gone. failed makes an error of how
// cmd's Wait has failed.
func (w World) launch(cmd *exec.Cmd, role string, job []byte, failed func(error) error) error {
	if os.Getenv(marker) != "" {
		return errors.New("start pod: this program is a pod's first process and has not called pod.Main")
	}
	cmd.Args = os.Args[:1]
	cmd.Env = append(os.Environ(), marker+"="+role)
	cmd.SysProcAttr = firstAttributes(role)
	cmd.WaitDelay = endDelay
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start pod: %w", err)
	}
	if role == roleAttached || !w.Isolated {
		// It is told by the lifeline's end. Killed, it could neither finish its work nor, without isolation, end its programs.
		cmd.Cancel = lifeline.Close
	}

	// The kernel kills an isolated pod when the thread ends that started it (PR_SET_PDEATHSIG(2const)), so this
	// goroutine keeps the thread for itself until the pod is gone.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start pod: %w", err)
	}
	unsent := send(lifeline, job)
	if err := cmd.Wait(); err != nil {
		return failed(err)
	}
	return unsent
}

// explain says why a pod died: since somebody wanted it, or in the first process's own words.
func explain(err, cause error, stderr string) error {
	if cause != nil {
		return fmt.Errorf("pod: %w", cause)
	}
	if text := strings.TrimSpace(stderr); text != "" {
		return fmt.Errorf("pod: %w: %s", err, text)
	}
	return fmt.Errorf("pod: %w", err)
}

// limited keeps what is written. Beyond its limit it calls over and refuses. It embeds no buffer: one's ReadFrom
// would let io.Copy pass by the limit.
type limited struct {
	limit int
	over  func(error)
	kept  []byte
}

func (l *limited) Write(p []byte) (int, error) {
	if len(l.kept)+len(p) > l.limit {
		err := fmt.Errorf("the first process wrote more than %d bytes", l.limit)
		l.over(err)
		return 0, err
	}
	l.kept = append(l.kept, p...)
	return len(p), nil
}

// tail keeps the end of what is written.
type tail struct {
	limit int
	kept  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if extra := len(t.kept) - t.limit; extra > 0 {
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.kept) }
