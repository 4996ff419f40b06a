package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"broadcastlab/testdata/leak"
	"broadcastlab/testdata/parallel"
)

const beClient = "BROADCASTLAB_TEST_BE_CLIENT"

// TestMain runs the tests, and checks that nothing they started is left. With beClient set, it is the program itself.
func TestMain(m *testing.M) {
	if os.Getenv(beClient) != "" {
		main()
	}
	parallel.Default(6) // they wait for time limits to be over
	os.Exit(leak.Run(m, patience))
}

// process starts this test as the client, in a process of its own.
func process(t *testing.T, args ...string) (cmd *exec.Cmd, stdin io.WriteCloser, stdout *bufio.Reader, stderr *strings.Builder) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	cmd = exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), beClient+"=1")
	stderr = new(strings.Builder)
	cmd.Stderr = stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	return cmd, stdin, bufio.NewReader(out), stderr
}

// SIGINT and SIGTERM end the chat as the end of the input does, with a Close.
func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("one process cannot send a signal to another")
	}
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		end := make(chan error, 1)
		cmd, _, stdout, stderr := process(t, "-url", serve(t, func(conn *websocket.Conn) {
			conn.WriteMessage(websocket.TextMessage, []byte("welcome"))
			_, _, err := conn.ReadMessage()
			end <- err
		}))
		line, err := stdout.ReadString('\n')
		require.NoError(t, err)
		require.Contains(t, line, "welcome")
		require.NoError(t, cmd.Process.Signal(sig))
		require.True(t, websocket.IsCloseError(receive(t, end), websocket.CloseNormalClosure))
		require.NoError(t, cmd.Wait(), "status 0")
		require.Empty(t, stderr.String())
	}
}

// A second signal does not wait for a server that does not answer the Close.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("one process cannot send a signal to another")
	}
	closing, over := make(chan struct{}), make(chan struct{})
	defer close(over)
	cmd, _, stdout, _ := process(t, "-url", serve(t, func(conn *websocket.Conn) {
		conn.SetCloseHandler(func(int, string) error { close(closing); return nil })
		conn.WriteMessage(websocket.TextMessage, []byte("welcome"))
		conn.ReadMessage()
		<-over
	}))
	_, err := stdout.ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	receive(t, closing)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	again := time.NewTicker(20 * time.Millisecond) // one that comes with the first may count as the same
	defer again.Stop()
	for {
		select {
		case err := <-ended:
			require.ErrorContains(t, err, "signal: terminated")
			return
		case <-again.C:
			cmd.Process.Signal(syscall.SIGTERM)
		}
	}
}

// What was piped in is sent, all of it, before the program ends.
func TestPipedInput(t *testing.T) {
	const lines = 1000
	heard, end := make(chan string, lines), make(chan error, 1)
	cmd, stdin, stdout, stderr := process(t, "-url", serve(t, listen(heard, end)))
	for n := range lines {
		fmt.Fprintln(stdin, "line", n)
	}
	require.NoError(t, stdin.Close())
	printed, err := io.ReadAll(stdout)
	require.NoError(t, err)
	require.Empty(t, printed)
	require.NoError(t, cmd.Wait(), "status 0")
	require.True(t, websocket.IsCloseError(receive(t, end), websocket.CloseNormalClosure))
	for n := range lines {
		require.Equal(t, fmt.Sprint("line ", n), receive(t, heard))
	}
	require.Empty(t, stderr.String())
}
