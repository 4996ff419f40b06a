//go:build linux

package pod

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// These tests count processes by a pipe with a name (fifo(7)): each process of a tree opens it for writing, says so,
// and holds it. The reader is told the end of the file when the last of them is gone.

// tree is the reader's side.
type tree struct {
	path   string
	file   *os.File
	lines  *bufio.Reader
	keeper *os.File // without any writer, the file would end before the tree has grown
}

func newTree(t *testing.T) *tree {
	path := filepath.Join(t.TempDir(), "alive")
	require.NoError(t, unix.Mkfifo(path, 0o600))
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	keeper, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	return &tree{path: path, file: file, lines: bufio.NewReader(file), keeper: keeper}
}

// grown waits until the processes of the tree have said that they are there.
func (tr *tree) grown(t *testing.T) {
	require.NoError(t, tr.file.SetReadDeadline(time.Now().Add(20*time.Second)))
	for range 2 {
		line, err := tr.lines.ReadString('\n')
		require.NoError(t, err)
		require.Contains(t, []string{"stubborn\n", "daemon\n"}, line)
	}
	require.NoError(t, tr.keeper.Close())
}

// gone waits until no process of the tree is left.
func (tr *tree) gone(t *testing.T, within time.Duration) {
	require.NoError(t, tr.file.SetReadDeadline(time.Now().Add(within)))
	rest, err := io.ReadAll(tr.lines)
	require.NoError(t, err, "processes are left")
	require.Empty(t, rest)
}

// join makes this process a member of the tree, for good: it takes no notice of signals.
func join(path, name string) int {
	signal.Notify(make(chan os.Signal, 1))
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		_, err = fmt.Fprintln(file, name)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "join:", err)
		return 1
	}
	fmt.Println(name)
	select {}
}

// stubbornProgram ignores signals and leaves a daemon behind that holds its standard output.
func stubbornProgram() int {
	launcher := program(context.Background(), "launcher", os.Args[1])
	launcher.Stdout = os.Stdout
	if err := launcher.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return join(os.Args[1], "stubborn")
}

// launcherProgram starts the daemon and ends, so that the daemon's parent is gone.
func launcherProgram() int {
	daemon := program(context.Background(), "daemon", os.Args[1])
	daemon.Stdout = os.Stdout
	daemon.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := daemon.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func daemonProgram() int { return join(os.Args[1], "daemon") }

// stubbornJob is told a path and whether to stay: it starts the tree, waits until it has grown, and leaves it alone.
func stubbornJob(ctx context.Context, in string, _ io.Writer) error {
	var stay bool
	var path string
	if _, err := fmt.Sscan(in, &stay, &path); err != nil {
		return err
	}
	cmd := program(context.Background(), "stubborn", path)
	output, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := Start(cmd); err != nil {
		return err
	}
	lines := bufio.NewReader(output)
	for range 2 {
		if _, err := lines.ReadString('\n'); err != nil {
			return err
		}
	}
	if stay {
		<-ctx.Done()
	}
	return ctx.Err()
}

func TestNothingIsLeft(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w World) {
		t.Run("after the work", func(t *testing.T) {
			tr := newTree(t)
			_, err := run(t, w, []byte("stubborn\nfalse "+tr.path))
			require.NoError(t, err)
			tr.grown(t)
			tr.gone(t, time.Second)
		})
		t.Run("after cancel", func(t *testing.T) {
			tr := newTree(t)
			ctx, cancel := context.WithCancelCause(t.Context())
			enough := errors.New("enough")
			ended := make(chan error, 1)
			go func() {
				_, err := w.Run(ctx, []byte("stubborn\ntrue "+tr.path))
				ended <- err
			}()
			tr.grown(t)
			cancel(enough)
			require.ErrorIs(t, <-ended, enough)
			tr.gone(t, time.Second)
		})
		t.Run("after the caller was killed", func(t *testing.T) {
			tr := newTree(t)
			lab := program(t.Context(), "lab", fmt.Sprint(w.Isolated), tr.path)
			require.NoError(t, lab.Start())
			tr.grown(t)
			require.NoError(t, lab.Process.Kill())
			var exit *exec.ExitError
			require.ErrorAs(t, lab.Wait(), &exit)
			tr.gone(t, 10*time.Second)
		})
	})
}

// labProgram is a program that starts a pod and is killed meanwhile.
func labProgram() int {
	w := World{Isolated: os.Args[1] == "true"}
	_, err := w.Run(context.Background(), []byte("stubborn\ntrue "+os.Args[2]))
	fmt.Fprintln(os.Stderr, err)
	return 1
}
