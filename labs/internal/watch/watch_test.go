package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/testdata/parallel"
)

func TestMain(m *testing.M) {
	parallel.Default(12) // they wait, and do next to nothing
	os.Exit(m.Run())
}

// both runs a test with events and with looking: what a person sees is the same. A slow disk or a busy machine makes pauses
// too, in the middle of a write even: the quiet that is waited for is longer than those.
func both(t *testing.T, test func(t *testing.T, c Config)) {
	t.Run("events", func(t *testing.T) { t.Parallel(); test(t, Config{Quiet: time.Second}) })
	t.Run("poll", func(t *testing.T) { t.Parallel(); test(t, Config{Quiet: time.Second, Poll: true}) })
}

// start watches a folder that holds server/main.go and client/main.go.
func start(t *testing.T, c Config) (dir string, w *Watcher) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir, "server/main.go", "package main\n")
	write(t, dir, "client/main.go", "package main\n")
	w, err := Start(dir, c)
	require.NoError(t, err)
	t.Cleanup(w.Close)
	require.Equal(t, c.Poll, w.Polls != "", w.Polls)
	return dir, w
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

func rename(t *testing.T, dir, from, to string) {
	t.Helper()
	require.NoError(t, os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)))
}

// next is what the next trigger tells of, sorted.
func next(t *testing.T, w *Watcher) []string {
	t.Helper()
	select {
	case changes := <-w.Changes:
		var names []string
		for _, c := range changes {
			names = append(names, c.Name)
		}
		slices.Sort(names)
		return names
	case <-time.After(20 * time.Second):
		require.FailNow(t, "no trigger")
		return nil
	}
}

func TestWhatIsSeen(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c Config) {
		dir, w := start(t, c)
		write(t, dir, "server/main.go", "package main // more\n")
		require.Equal(t, []string{"server/main.go"}, next(t, w), "written")
		write(t, dir, "server/chat.go", "package main\n")
		require.Equal(t, []string{"server/chat.go"}, next(t, w), "created")
		require.NoError(t, os.Remove(filepath.Join(dir, "server/chat.go")))
		require.Equal(t, []string{"server/chat.go"}, next(t, w), "removed")
		write(t, dir, "server/broadcast/log.go", "package broadcast\n")
		require.Equal(t, []string{"server/broadcast/log.go"}, next(t, w), "in a new folder")
		write(t, dir, "server/broadcast/log.go", "package broadcast // more\n")
		require.Equal(t, []string{"server/broadcast/log.go"}, next(t, w), "written in a new folder")
		if runtime.GOOS == "windows" && !c.Poll {
			return // a folder with a watched one in it cannot be moved there
		}
		rename(t, dir, "server/broadcast", "server/channel")
		require.Contains(t, next(t, w), "server/channel/log.go", "folder renamed")
		write(t, dir, "server/channel/log.go", "package channel\n")
		require.Equal(t, []string{"server/channel/log.go"}, next(t, w), "written in a renamed folder")
	})
}

// Editors write beside the file and rename over it: vim after a trial and with a backup, others through a hidden file.
func TestEditorsRename(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c Config) {
		dir, w := start(t, c)
		for round := range 3 {
			text := fmt.Sprintf("package main // %d\n", round)
			write(t, dir, "server/4913", "")
			require.NoError(t, os.Remove(filepath.Join(dir, "server/4913")))
			rename(t, dir, "server/main.go", "server/main.go~")
			write(t, dir, "server/main.go", text)
			require.NoError(t, os.Remove(filepath.Join(dir, "server/main.go~")))
			require.Equal(t, []string{"server/main.go"}, next(t, w))

			write(t, dir, "client/.main.go.tmp", text)
			rename(t, dir, "client/.main.go.tmp", "client/main.go")
			require.Equal(t, []string{"client/main.go"}, next(t, w))
		}
	})
}

// What is ignored triggers nothing: the trigger after it speaks of the other file alone.
func TestIgnored(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c Config) {
		dir, w := start(t, c)
		for _, name := range []string{
			".lab/state.json", ".git/index", ".vscode/settings.json", "server/.main.go.swp", "server/.#main.go", "server/#main.go#",
			"server/main.go~", "server/main.go___jb_tmp___", "node_modules/ws/index.js", "client/__pycache__/client.pyc", "target/debug/server",
		} {
			write(t, dir, name, "x")
		}
		require.NoError(t, os.Chmod(filepath.Join(dir, ".lab"), 0o700))
		write(t, dir, "client/main.go", "package main // more\n")
		require.Equal(t, []string{"client/main.go"}, next(t, w))
	})
}

func TestABurstIsOneTrigger(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c Config) {
		dir, w := start(t, c)
		for i := range 50 {
			write(t, dir, "server/main.go", fmt.Sprintf("package main // %d\n", i))
		}
		write(t, dir, "client/main.go", "package main // last\n")
		require.Equal(t, []string{"client/main.go", "server/main.go"}, next(t, w))
		write(t, dir, "go.mod", "module chat\n")
		require.Equal(t, []string{"go.mod"}, next(t, w), "nothing is left of the burst")
	})
}

// What is written while nobody takes changes, as during a run, is told when somebody does.
func TestNothingIsLostMeanwhile(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c Config) {
		dir, w := start(t, c)
		seen := map[string]bool{}
		for i := range 5 {
			write(t, dir, fmt.Sprintf("server/%d.go", i), "package main\n")
		}
		for len(seen) < 5 {
			for _, name := range next(t, w) {
				seen[name] = true
			}
		}
		write(t, dir, "client/main.go", "package main // more\n")
		require.Equal(t, []string{"client/main.go"}, next(t, w))
	})
}

// deaf is a source of events on which none arrive, until it fails.
type deaf struct{ fail chan struct{} }

func (d deaf) follow(ctx context.Context, _ func(string)) error {
	select {
	case <-ctx.Done():
		return nil
	case <-d.fail:
		return errors.New("broken")
	}
}

func TestPollsWhereEventsCannotBeHad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w, err := Start(dir, Config{open: func(string) (source, error) { return nil, errors.New("none today") }})
	require.NoError(t, err)
	defer w.Close()
	require.Equal(t, "none today", w.Polls)
	write(t, dir, "server/main.go", "package main\n")
	require.Equal(t, []string{"server/main.go"}, next(t, w))
}

func TestPollsWhenEventsCease(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	broken := deaf{make(chan struct{})}
	w, err := Start(dir, Config{open: func(string) (source, error) { return broken, nil }})
	require.NoError(t, err)
	defer w.Close()
	close(broken.fail)
	require.Equal(t, []string{"."}, next(t, w), "something may have been missed")
	write(t, dir, "server/main.go", "package main\n")
	require.Equal(t, []string{"server/main.go"}, next(t, w))
}

// A folder that is replaced as a whole, as by a new clone, is watched on.
func TestTheFolderIsReplaced(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c Config) {
		if runtime.GOOS == "windows" && !c.Poll {
			t.Skip("a folder with a watched one in it cannot be moved there")
		}
		top := t.TempDir()
		write(t, top, "chat/server/main.go", "package main\n")
		w, err := Start(filepath.Join(top, "chat"), c)
		require.NoError(t, err)
		defer w.Close()
		rename(t, top, "chat", "old")
		require.NotEmpty(t, next(t, w))
		write(t, top, "chat/server/main.go", "package main // new\n")
		require.Contains(t, next(t, w), "server/main.go")
	})
}

// The trial of events leaves nothing behind, and where it cannot be made they are not relied on.
func TestTrial(t *testing.T) {
	t.Parallel()
	dir, _ := start(t, Config{})
	left, err := os.ReadDir(filepath.Join(dir, trialFolder))
	require.NoError(t, err)
	require.Empty(t, left)

	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, trialFolder), nil, 0o644))
	w, err := Start(dir, Config{})
	require.NoError(t, err)
	defer w.Close()
	require.NotEmpty(t, w.Polls)
}

func TestStartSaysWhatIsNotThere(t *testing.T) {
	t.Parallel()
	_, err := Start(filepath.Join(t.TempDir(), "nowhere"), Config{})
	require.ErrorIs(t, err, os.ErrNotExist)
}
