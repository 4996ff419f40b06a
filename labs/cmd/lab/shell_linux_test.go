package main

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
)

// A terminal is a shell on a pseudo terminal, and the person before it.
type terminal struct {
	t    *testing.T
	cmd  *exec.Cmd
	file *os.File
	seen []byte // what was printed and not yet waited for
}

// openShell starts lab shell on a terminal of its own.
func openShell(t *testing.T, env ...string) *terminal {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Args = []string{"lab", "shell"}
	cmd.Env = append(append(os.Environ(), "SHELL=/bin/sh", "GORACE=atexit_sleep_ms=0"), env...)
	file, err := pty.Start(cmd)
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	late := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() }) // which ends a read of the terminal: it has no deadline
	t.Cleanup(func() { late.Stop() })
	return &terminal{t: t, cmd: cmd, file: file}
}

func (term *terminal) types(line string) {
	term.t.Helper()
	_, err := io.WriteString(term.file, line)
	require.NoError(term.t, err)
}

// sees waits for the pattern, and forgets what came up to its end.
func (term *terminal) sees(pattern string) {
	term.t.Helper()
	re := regexp.MustCompile(pattern)
	buf := make([]byte, 4096)
	for {
		if at := re.FindIndex(term.seen); at != nil {
			term.seen = term.seen[at[1]:]
			return
		}
		n, err := term.file.Read(buf)
		require.NoError(term.t, err, "nothing fits %s in %q", pattern, term.seen)
		term.seen = append(term.seen, buf[:n]...)
	}
}

// ends waits for the end, and returns the status.
func (term *terminal) ends() int {
	term.t.Helper()
	io.Copy(io.Discard, term.file) // ends with EIO when nobody has the terminal any more
	err := term.cmd.Wait()
	if err != nil {
		require.IsType(term.t, &exec.ExitError{}, err)
	}
	return term.cmd.ProcessState.ExitCode()
}

// take holds a port of the machine, unless somebody else does: that is as good here.
func take(t *testing.T, addr string, port uint16) {
	t.Helper()
	unlock, err := pod.LockPort(t.Context(), port)
	require.NoError(t, err)
	t.Cleanup(unlock)
	if l, err := net.Listen("tcp", addr); err == nil {
		t.Cleanup(func() { l.Close() })
	}
}

// TestShell: the ports are free in there, the terminal works as it should, and when the shell has ended nothing is left. What is
// typed is echoed, so each answer that is waited for is spelled otherwise in the question.
func TestShell(t *testing.T) {
	needsIsolation(t)
	t.Parallel()
	source, err := judge.Load(submission(t, "ready/right"))
	require.NoError(t, err)
	programs, err := source.Build(t.Context(), t.TempDir())
	require.NoError(t, err)
	exe, err := os.Executable()
	require.NoError(t, err)
	lab := filepath.Join(t.TempDir(), "lab")
	require.NoError(t, os.Symlink(exe, lab))
	alive, gone := fifo(t)
	take(t, "127.0.0.1:8080", 8080)

	term := openShell(t, "SERVER="+programs.Server.Run[0], "CLIENT="+programs.Client.Run[0], "LAB="+lab, "ALIVE="+alive)
	term.sees(`ports 2000 and 8080 are yours`)
	term.types("$SERVER -addr 127.0.0.1:8080\n")
	term.sees(`listening on 127\.0\.0\.1:8080`)
	term.types("\x03") // Ctrl-C reaches the server, and neither the shell nor lab
	term.types("echo st''atus $?\n")
	term.sees(`status 0`)

	term.types("$LAB trace &\n")
	term.sees(`This shell's network is traced`)
	term.types("$CLIENT -url ws://127.0.0.1:2000\n")
	term.sees(`server:2000 → client:\d+ +RST +← refused`)
	term.types("kill %1; wait; echo do''ne\n")
	term.sees(`done`)

	term.types("exec 9>$ALIVE; echo there >&9; sleep 1000 &\n")
	term.types("exit 7\n")
	require.Equal(t, 7, term.ends())
	gone()
}

// A lab that is killed takes its shell along, with all that it has started.
func TestShellOfAKilledLab(t *testing.T) {
	needsIsolation(t)
	t.Parallel()
	alive, gone := fifo(t)
	term := openShell(t, "ALIVE="+alive)
	term.types("exec 9>$ALIVE; echo there >&9; trap '' HUP; sleep 1000 & echo rea''dy\n")
	term.sees(`ready`)
	require.NoError(t, term.cmd.Process.Kill())
	require.Equal(t, -1, term.ends())
	gone()
}

// fifo makes a pipe with a name (fifo(7)) that a process says "there" on and holds. gone waits until no process holds it.
func fifo(t *testing.T) (path string, gone func()) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "alive")
	require.NoError(t, unix.Mkfifo(path, 0o600))
	left, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	require.NoError(t, err)
	t.Cleanup(func() { left.Close() })
	return path, func() {
		require.NoError(t, left.SetReadDeadline(time.Now().Add(10*time.Second)))
		text, err := io.ReadAll(left)
		require.NoError(t, err, "a process is left")
		require.Equal(t, "there\n", string(text))
	}
}

// TestShellWithoutNetworks: where user namespaces are switched off, the reason and the remedy are told. The switch holds for the
// outer shell only, and takes root.
func TestShellWithoutNetworks(t *testing.T) {
	needsIsolation(t)
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("not root")
	}
	exe, err := os.Executable()
	require.NoError(t, err)
	lab := filepath.Join(t.TempDir(), "lab")
	require.NoError(t, os.Symlink(exe, lab))
	term := openShell(t, "LAB="+lab)
	term.types("echo 0 >/proc/sys/user/max_user_namespaces\n")
	for _, command := range []string{"trace -- true", "shell"} {
		term.types("$LAB " + command + "; echo st''atus $?\n")
		term.sees(`lab: cannot .* here: this system refuses user namespaces \(clone: .*sysctl user\.max_user_namespaces is 0\)`)
		term.sees(`hint: sudo sysctl -w user\.max_user_namespaces=10000 `)
		term.sees(`status 4`)
	}
	term.types("exit\n")
	require.Zero(t, term.ends(), "that of the last command, echo")
}
