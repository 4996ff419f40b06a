//go:build linux

package pod

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// limitsProgram waits for a line, since limits come after the start, and tells its limits.
func limitsProgram() int {
	bufio.NewReader(os.Stdin).ReadString('\n')
	for _, resource := range []int{unix.RLIMIT_DATA, unix.RLIMIT_NOFILE, unix.RLIMIT_FSIZE, unix.RLIMIT_CORE, unix.RLIMIT_NPROC} {
		var limit unix.Rlimit
		if err := unix.Getrlimit(resource, &limit); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(limit.Max)
	}
	return 0
}

// bombProgram waits for a line and asks for more memory than it may have.
func bombProgram() int {
	bufio.NewReader(os.Stdin).ReadString('\n')
	size := uint64(MemoryLimit)
	runtime.KeepAlive(make([]byte, size))
	return 0
}

// filesProgram tells which files it has open.
func filesProgram() int {
	open, _ := filepath.Glob("/proc/self/fd/*")
	for _, link := range open {
		file, _ := os.Readlink(link)
		fmt.Println(file)
	}
	return 0
}

// limitsJob runs the program that it is told, and answers what it printed on both streams and how it ended.
func limitsJob(ctx context.Context, name string, out io.Writer) error {
	cmd := program(ctx, name)
	cmd.Stdout, cmd.Stderr = out, out
	typed, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := Start(cmd); err != nil {
		return err
	}
	fmt.Fprintln(typed, "go")
	cmd.Wait()
	_, err = fmt.Fprintln(out, cmd.ProcessState)
	return err
}

func TestLimits(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w World) {
		answer, err := run(t, w, []byte("limits\nlimits"))
		require.NoError(t, err)
		want := fmt.Sprintf("%d\n%d\n%d\n0\n", int64(MemoryLimit), OpenFiles, FileLimit)
		if w.Isolated {
			want += fmt.Sprintf("%d\nexit status 0\n", Threads)
		}
		require.Contains(t, string(answer), want)

		answer, err = run(t, w, []byte("limits\nbomb"))
		require.NoError(t, err)
		require.Regexp(t, "out of memory|failed to allocate", string(answer)) // the second is the race detector's way
		require.NotContains(t, string(answer), "exit status 0")
	})
}

// TestInheritsNoFile: whoever starts this tool may have left files open, and a judged program must not reach them.
func TestInheritsNoFile(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w World) {
		secret, err := os.Create(filepath.Join(t.TempDir(), "secret"))
		require.NoError(t, err)
		defer secret.Close()
		_, err = unix.FcntlInt(secret.Fd(), unix.F_SETFD, 0) // not closed on exec
		require.NoError(t, err)
		answer, err := run(t, w, []byte("limits\nfiles"))
		require.NoError(t, err)
		require.Contains(t, string(answer), "pipe:")
		require.NotContains(t, string(answer), "secret")
	})
}

// ending is how judged programs ended.
type ending struct {
	Signalled string // one that was sent a signal
	Again     bool   // a second signal found nobody left
	Cancelled string // one whose context was cancelled
	Delayed   bool   // one whose daemon holds the output did not hold up Wait
	Bare      string // the error of one started without an environment
}

// endJob ends programs in each of the ways that there are.
func endJob(ctx context.Context, _ string, out io.Writer) error {
	var found ending
	cmd, err := startListener(ctx)
	if err != nil {
		return err
	}
	if err := Signal(cmd, syscall.SIGINT); err != nil {
		return err
	}
	cmd.Wait()
	found.Signalled = cmd.ProcessState.String()
	found.Again = errors.Is(Signal(cmd, syscall.SIGINT), os.ErrProcessDone)

	ctx, cancel := context.WithCancel(ctx)
	if cmd, err = startListener(ctx); err != nil {
		cancel()
		return err
	}
	cancel()
	cmd.Wait()
	found.Cancelled = cmd.ProcessState.String()

	cmd = program(context.Background(), "launcher", os.DevNull)
	cmd.Stdout = &strings.Builder{}
	if err := Start(cmd); err != nil {
		return err
	}
	found.Delayed = errors.Is(cmd.Wait(), exec.ErrWaitDelay)
	found.Bare = Start(exec.Command("plum")).Error()
	return json.NewEncoder(out).Encode(found)
}

func TestPrograms(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w World) {
		answer, err := run(t, w, []byte("end\n"))
		require.NoError(t, err)
		var got ending
		require.NoError(t, json.Unmarshal(answer, &got))
		require.Equal(t, ending{
			Signalled: "signal: interrupt",
			Again:     true,
			Cancelled: "signal: killed",
			Delayed:   true,
			Bare:      `start "plum": no environment set`,
		}, got)
	})
}

func TestEnviron(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "secret")
	t.Setenv("LC_TIME", "de_DE.UTF-8")
	t.Setenv("JAVA_HOME", "/opt/java")
	t.Setenv("HOME", "/home/teacher")
	env := Environ("/pod/home", "/pod/tmp")
	for _, variable := range []string{"HOME=/pod/home", "TMPDIR=/pod/tmp", "LC_TIME=de_DE.UTF-8", "JAVA_HOME=/opt/java"} {
		require.Contains(t, env, variable)
	}
	for _, variable := range []string{"HOME=/home/teacher", "GITHUB_TOKEN=secret"} {
		require.NotContains(t, env, variable)
	}
}
