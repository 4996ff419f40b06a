package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/report"
	"broadcastlab/labs/internal/watch"
)

// An output is what a command writes while it runs, to be waited for.
type output struct {
	mu      sync.Mutex
	text    []byte        // guarded by mu, as are the others
	read    int           // how much of text wait has passed
	changed chan struct{} // closed and replaced at each write
}

func newOutput() *output { return &output{changed: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, p...)
	close(o.changed)
	o.changed = make(chan struct{})
	return len(p), nil
}

// wait returns what was written from the last match to the end of this one.
func (o *output) wait(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	late := time.After(2 * time.Minute)
	for {
		o.mu.Lock()
		fresh, changed := o.text[o.read:], o.changed
		if at := re.FindIndex(fresh); at != nil {
			o.read += at[1]
			o.mu.Unlock()
			return string(fresh[:at[1]])
		}
		o.mu.Unlock()
		select {
		case <-changed:
		case <-late:
			require.FailNow(t, "not written: "+pattern, "%s", bytes.ReplaceAll(fresh, []byte{0x1b}, []byte("^[")))
		}
	}
}

// repair makes the server of the wrong submission a right one, as an editor saves it.
func repair(t *testing.T, dir string) {
	t.Helper()
	right, err := os.ReadFile(filepath.Join(dir, "..", "right", "server", "main.go"))
	require.NoError(t, err)
	saved := filepath.Join(dir, "server", "main.go.tmp")
	require.NoError(t, os.WriteFile(saved, right, 0o644))
	require.NoError(t, os.Rename(saved, filepath.Join(dir, "server", "main.go")))
}

// Without a terminal there are plain lines, no keys, and the end comes by a signal.
func TestWatchWithoutATerminal(t *testing.T) {
	t.Parallel()
	for _, poll := range []string{"--poll=false", "--poll"} {
		t.Run(poll, func(t *testing.T) {
			t.Parallel()
			dir := submission(t, "wrong")
			ctx, interrupt := context.WithCancel(t.Context())
			stdout := newOutput()
			status := make(chan int)
			go func() { status <- run(ctx, []string{"watch", poll, "-C", dir}, stdout, t.Output()) }()
			red := stdout.wait(t, `Lab 1 does not pass yet`)
			require.Contains(t, red, "Lab 1  Broadcast to all, the sender included\n")
			require.Regexp(t, `(?m)^✗ 1\.1  What one says`, red)
			require.Regexp(t, `(?m)^✓ 1\.5  The client`, red)
			require.Contains(t, red, "heard it more than once")
			repair(t, dir)
			green := stdout.wait(t, `Lab 1 passes\. n goes on to lab 2`)
			require.Contains(t, green, "✓ passes: 6 of 6 required")
			interrupt()
			require.Equal(t, report.StatusPass, <-status)
			require.NotContains(t, string(stdout.text), "\x1b")
		})
	}
}

// What a build and judged programs write is nobody's save.
func TestSaved(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	before, during, end, after := began.Add(-time.Second), began.Add(time.Second), began.Add(2*time.Second), began.Add(9*time.Second)
	for _, c := range []struct {
		why   string
		ended time.Time
		watch.Change
		want bool
	}{
		{"source is somebody's whenever it is saved", time.Time{}, watch.Change{Name: "server/main.go", At: during}, true},
		{"source that is removed too", time.Time{}, watch.Change{Name: "server/main.go", At: during, Gone: true}, true},
		{"nobody knows what was missed", end, watch.Change{Name: ".", At: during}, true},
		{"a program's log, still under way", time.Time{}, watch.Change{Name: "chat.log", At: during}, false},
		{"a program's log, told after the end", end, watch.Change{Name: "chat.log", At: during}, false},
		{"a program's file that it has removed at its end", end, watch.Change{Name: "chat.pid", At: end.Add(time.Millisecond), Gone: true}, false},
		{"a page that somebody has saved", end, watch.Change{Name: "README.md", At: after}, true},
		{"a page that somebody has removed", end, watch.Change{Name: "README.md", At: after, Gone: true}, true},
		{"a page that was saved before, and told late", time.Time{}, watch.Change{Name: "README.md", At: before}, true},
	} {
		s := &session{attempt: &attempt{began: began, ended: c.ended}}
		require.Equal(t, c.want, s.saved([]watch.Change{{Name: "chat.log", At: during}, c.Change}), c.why)
	}
}

// Only the third failure in a row at the same place, in a row, says where help is.
func TestStuck(t *testing.T) {
	t.Parallel()
	failing := func(id, line int) report.Lab {
		return report.Lab{Verdicts: []labs.Verdict{
			{Check: labs.Check{Lab: "01-broadcast", Number: id, Kind: labs.Required}, Outcome: labs.Fail, Line: line},
		}}
	}
	s := &session{}
	var told []bool
	for _, lab := range []report.Lab{failing(1, 7), failing(1, 7), failing(1, 9), failing(1, 9), failing(1, 9), failing(1, 9), {}, failing(1, 9), failing(1, 9), failing(1, 9)} {
		told = append(told, s.stuck(lab))
	}
	require.Equal(t, []bool{false, false, false, false, true, false, false, false, false, true}, told)
}

func TestFirstLab(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := func(names ...string) int {
		i, err := firstLab(dir, names)
		require.NoError(t, err)
		return i
	}
	require.Equal(t, 0, first())
	require.Equal(t, 2, first("tcp-to-websocket"))
	var all report.Run
	for i, lab := range labs.All() {
		require.Equal(t, i, first(), "the first that does not pass")
		found := report.Lab{Lab: lab}
		for _, c := range lab.Checks {
			found.Verdicts = append(found.Verdicts, labs.Verdict{Check: c, Outcome: labs.Pass})
		}
		all.Labs = append(all.Labs, found)
		remember(dir, all)
	}
	require.Equal(t, len(labs.All())-1, first(), "the last where all pass")
}
