//go:build linux

package pod

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// attachedJob copies its file to standard output until the end of it, says so on standard error and ends with an error.
// Cancelled, it says goodbye instead.
func attachedJob(ctx context.Context, in string, out io.Writer) error {
	fmt.Fprintln(out, in)
	copied := make(chan struct{})
	go func() {
		io.Copy(out, File(0))
		close(copied)
	}()
	select {
	case <-copied:
		return errors.New("that was all")
	case <-ctx.Done():
		_, err := fmt.Fprintln(out, "goodbye")
		return err
	}
}

// attach starts the job with a pipe as its file, and returns the pipe's end, and what it writes.
func attach(t *testing.T, ctx context.Context) (typed *os.File, output *bufio.Reader, ended chan error) {
	w := isolated(t)
	input, typed, err := os.Pipe()
	require.NoError(t, err)
	shown, out := io.Pipe()
	ended = make(chan error, 1)
	go func() {
		defer input.Close()
		var stderr bytes.Buffer
		status, err := w.Attach(ctx, []byte("attached\nwelcome"), out, &stderr, input)
		if err == nil {
			err = fmt.Errorf("status %d: %s", status, stderr.String())
		}
		out.Close()
		ended <- err
	}()
	return typed, bufio.NewReader(shown), ended
}

func TestAttach(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	typed, output, ended := attach(t, ctx)
	for _, text := range []string{"welcome\n", "plum\n"} {
		line, err := output.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, text, line, "as it comes")
		fmt.Fprintln(typed, "plum")
	}
	require.NoError(t, typed.Close())
	rest, err := io.ReadAll(output)
	require.NoError(t, err)
	require.Equal(t, "plum\n", string(rest))
	require.EqualError(t, <-ended, "status 3: that was all\n")
}

func TestAttachCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	typed, output, ended := attach(t, ctx)
	defer typed.Close()
	line, err := output.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "welcome\n", line)
	cancel()
	rest, err := io.ReadAll(output)
	require.NoError(t, err)
	require.Equal(t, "goodbye\n", string(rest), "the work has come to its end")
	require.EqualError(t, <-ended, "status 0: ")
}

func TestAttachNeedsANetwork(t *testing.T) {
	_, err := World{}.Attach(t.Context(), nil, io.Discard, io.Discard)
	require.EqualError(t, err, "attach to a pod: it would have no network of its own")
}

// shellJob runs a shell that is no terminal's, and answers what it says.
func shellJob(ctx context.Context, script string, _ io.Writer) error {
	status, err := Shell(ctx, []string{"sh", "-c", script}, File(0), File(1), os.Stderr)
	if err == nil {
		err = fmt.Errorf("status %d", status)
	}
	return err
}

// runShell runs a script in Shell, and returns what it prints.
func runShell(t *testing.T, script string) (printed, said string) {
	t.Helper()
	w := isolated(t)
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer null.Close()
	out, in, err := os.Pipe()
	require.NoError(t, err)
	defer out.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var stderr bytes.Buffer
	_, err = w.Attach(ctx, []byte("shell\n"+script), io.Discard, &stderr, null, in)
	require.NoError(t, err)
	require.NoError(t, in.Close())
	text, err := io.ReadAll(out)
	require.NoError(t, err)
	return string(text), stderr.String()
}

func TestShell(t *testing.T) {
	// Its user is the same as outside, its network another one; orphans are buried, and a signal is told as shells do.
	printed, said := runShell(t, `id -u; id -g; echo $LAB_SHELL; readlink /proc/self/ns/net; ls /proc/$$/fd; (sh -c 'exit 1' &); kill -STOP $$; kill -TERM $$`)
	here := network()
	var uid, gid int
	var variable, inside string
	rest := bytes.NewBufferString(printed)
	_, err := fmt.Fscan(rest, &uid, &gid, &variable, &inside)
	require.NoError(t, err, printed)
	require.Equal(t, []int{os.Getuid(), os.Getgid()}, []int{uid, gid})
	require.Equal(t, inside, variable)
	require.NotEqual(t, here, inside)
	require.Equal(t, []string{"0", "1", "2"}, strings.Fields(rest.String()), "no file but the first three is inherited")
	require.Equal(t, "status 143\n", said)
}

func TestInShell(t *testing.T) {
	require.False(t, InShell())
	t.Setenv(shellVariable, "net:[1]")
	require.False(t, InShell(), "the variable of another network")
	t.Setenv(shellVariable, network())
	require.True(t, InShell())
}

// A shell may capture and shape its network, and whoever is not root nothing else.
func TestShellMayCapture(t *testing.T) {
	const raw, admin = 1 << 13, 1 << 12 // CAP_NET_RAW and CAP_NET_ADMIN in linux/capability.h
	printed, _ := runShell(t, `sed -n 's/^CapEff:\t//p' /proc/self/status`)
	var has uint64
	_, err := fmt.Sscanf(printed, "%x", &has)
	require.NoError(t, err, printed)
	require.EqualValues(t, raw|admin, has&(raw|admin))
	if os.Geteuid() != 0 {
		require.EqualValues(t, raw|admin, has, "and nothing more")
	}
}
