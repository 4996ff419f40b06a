//go:build linux

package pod

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProbe(t *testing.T) {
	require.Equal(t, World{}, Probe(t.Context(), true), "what was asked for needs no reason")
	w := probed()
	require.NotEqual(t, w.Isolated, w.Why != "")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, World{Why: "the probe was cut short (context canceled)"}, Probe(ctx, false))
}

// refusedJob probes where user namespaces are switched off: the switch holds for this pod only.
func refusedJob(ctx context.Context, _ string, out io.Writer) error {
	if err := os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0); err != nil {
		return err
	}
	_, err := fmt.Fprint(out, Probe(ctx, false).Why)
	return err
}

func TestProbeTellsWhyNot(t *testing.T) {
	why, err := run(t, isolated(t), []byte("refused\n"))
	require.NoError(t, err)
	require.Equal(t, "this system refuses user namespaces "+
		"(clone: no space left on device; sysctl user.max_user_namespaces is 0)", string(why))
}

func TestRefusal(t *testing.T) {
	require.Contains(t, refusal(fmt.Errorf("start pod: %w", &os.PathError{Op: "fork/exec", Path: self(), Err: syscall.EPERM})),
		"this system refuses user namespaces (clone: operation not permitted")
	require.Contains(t, refusal(errors.New("pod: exit status 1: bring up lo: operation not permitted")),
		"this system restricts user namespaces (bring up lo: operation not permitted")
}
