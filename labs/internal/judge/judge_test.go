package judge

import (
	"context"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/pod"
)

func TestOrderPutsLongWaitsFirst(t *testing.T) {
	checks := []labs.Check{{Script: "hears ann x"}, {Script: "closed -within 15s ann"}, {Script: "peer ann"}, {Script: "exits -within 30s ann"}}
	require.Equal(t, []int{1, 3, 0, 2}, Judge{}.order(checks))
}

// TestTakeTurnsLocksAPortOnce: two hosts, one port. A second lock of it would wait for the first for ever.
func TestTakeTurnsLocksAPortOnce(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	addrs := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:8080"), netip.MustParseAddrPort("127.0.0.1:2000"), netip.MustParseAddrPort("[::1]:8080")}
	done := make(chan error, 1)
	go func() {
		for range 2 { // and gives them all back
			unlock, err := takeTurns(t.Context(), addrs)
			if err != nil {
				done <- err
				return
			}
			unlock()
		}
		done <- nil
	}()
	select {
	case err := <-done:
		require.NoError(t, err)
	case <-time.After(10 * time.Second):
		require.Fail(t, "it waits for itself")
	}
}

// TestCancelledRunJudgesNobody: the verdicts of a run that was cancelled are nobody's score.
func TestCancelledRunJudgesNobody(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	told := 0
	j := Judge{Done: func(labs.Verdict) { told++ }, Parallel: 1}
	verdicts, err := j.Run(ctx, []labs.Check{{Name: "one"}, {Name: "two"}})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, told)
	for _, v := range verdicts {
		require.Equal(t, labs.Error, v.Outcome)
		require.NotEmpty(t, v.Check.Name)
	}
}

// TestCancelledCheckLeavesNoFolder: a pod that is killed cannot tidy up. Its judge does.
func TestCancelledCheckLeavesNoFolder(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp) // Windows
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	j := Judge{World: pod.Probe(ctx, false)}
	running := make(chan struct{})
	go func() {
		defer close(running)
		_, err := j.Run(ctx, []labs.Check{{Name: "waits", File: "1-waits.txtar", Script: "host hub\npeer ann\nhears -within 60s ann never"}})
		assert.ErrorIs(t, err, context.Canceled)
	}()
	require.Eventually(t, func() bool {
		homes, err := filepath.Glob(filepath.Join(temp, "lab-*", "home"))
		require.NoError(t, err)
		return len(homes) == 1
	}, time.Minute, time.Millisecond, "the check runs")
	cancel()
	<-running
	left, err := filepath.Glob(filepath.Join(temp, "lab-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}
