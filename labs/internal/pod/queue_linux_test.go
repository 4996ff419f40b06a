package pod

import (
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestQueueSeesProgramsWait puts two busy programs on one processor: each waits for the other, while this process sleeps.
func TestQueueSeesProgramsWait(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("on the only processor they wait for nobody but themselves")
	}
	var usable, one unix.CPUSet
	require.NoError(t, unix.SchedGetaffinity(0, &usable))
	for cpu := 0; one.Count() == 0; cpu++ {
		if usable.IsSet(cpu) {
			one.Set(cpu)
		}
	}
	for range 2 {
		busy := exec.CommandContext(t.Context(), "sh", "-c", "while :; do :; done")
		require.NoError(t, busy.Start())
		t.Cleanup(func() { busy.Wait() })
		require.NoError(t, unix.SchedSetaffinity(busy.Process.Pid, &one))
	}
	var q Queue
	below, all := q.Waited()
	require.Zero(t, below+all)
	clock := time.NewTicker(10 * time.Millisecond)
	defer clock.Stop()
	deadline := time.After(20 * time.Second)
	for waited := time.Duration(0); waited < 100*time.Millisecond; waited += below {
		select {
		case <-clock.C:
		case <-deadline:
			require.Fail(t, "two programs on one processor, and neither is seen to wait", "%v", waited)
		}
		below, _ = q.Waited()
	}
}
