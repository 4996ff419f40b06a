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
	if os.Getenv(marker) != "" {
		return nil, errors.New("start pod: this program is a pod's first process and has not called pod.Main")
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out := &limited{limit: MaxOutput, over: cancel}
	stderr := &tail{limit: tailSize}
	cmd := exec.CommandContext(ctx, self())
	cmd.Args = os.Args[:1]
	cmd.Env = append(os.Environ(), marker+"="+role)
	cmd.Stdout, cmd.Stderr = out, stderr
	cmd.SysProcAttr = firstAttributes(w.Isolated)
	cmd.WaitDelay = endDelay
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start pod: %w", err)
	}
	if !w.Isolated {
		// Killed, the first process could not end its programs any more: it does so when the lifeline ends.
		cmd.Cancel = lifeline.Close
	}

	// The kernel kills an isolated pod when the thread ends that started it (PR_SET_PDEATHSIG(2const)), so this
	// goroutine keeps the thread for itself until the pod is gone.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start pod: %w", err)
	}
	unsent := send(lifeline, job)
	if err := cmd.Wait(); err != nil {
		return nil, explain(err, context.Cause(ctx), stderr.String())
	}
	return out.kept, unsent
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
