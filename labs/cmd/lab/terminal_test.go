//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"
	"golang.org/x/term"
)

// A watcher is a real terminal, with lab watch in the foreground.
type watcher struct {
	*output
	dir    string
	near   *os.File // the end that a person has: what is written here is typed
	far    *os.File // the end that the command has
	before *term.State
	cmd    *exec.Cmd
}

// watchIn starts lab watch, in a terminal, on a submission.
func watchIn(t *testing.T, name string, args ...string) *watcher {
	t.Helper()
	return watchInA(t, pty.Winsize{Rows: 50, Cols: 100}, name, args...)
}

// watchInA is watchIn with a terminal of that size.
func watchInA(t *testing.T, size pty.Winsize, name string, args ...string) *watcher {
	t.Helper()
	near, far, err := pty.Open()
	require.NoError(t, err)
	require.NoError(t, pty.Setsize(far, &size))
	x := &watcher{output: newOutput(), dir: submission(t, name), near: near, far: far}
	x.before, err = term.GetState(int(far.Fd()))
	require.NoError(t, err)
	x.cmd = exec.Command("lab", append([]string{"watch"}, args...)...)
	x.cmd.Dir = x.dir
	x.cmd.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=1", "GOCACHE="+goCache(t), "XDG_CACHE_HOME="+filepath.Join(builtIn, "cache"))
	x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr = far, far, far
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, x.cmd.Start())
	read := make(chan struct{})
	go func() { defer close(read); io.Copy(x, near) }()
	t.Cleanup(func() {
		if x.cmd.ProcessState == nil {
			x.cmd.Process.Kill()
			x.cmd.Wait()
		}
		far.Close() // ends the read at the other end
		<-read
		near.Close()
	})
	return x
}

func (x *watcher) press(t *testing.T, keys string) {
	t.Helper()
	_, err := x.near.WriteString(keys)
	require.NoError(t, err)
}

// ended waits for the command's end, and sees that all is as it was before.
func (x *watcher) ended(t *testing.T) {
	t.Helper()
	require.NoError(t, x.cmd.Wait(), "status 0")
	after, err := term.GetState(int(x.far.Fd()))
	require.NoError(t, err)
	require.Equal(t, x.before, after, "the terminal's settings")
	require.Empty(t, processesIn(t, x.dir))
}

// processesIn names the processes that work in a folder: lab, the first processes of its pods, go build, judged programs.
func processesIn(t *testing.T, dir string) []string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(dir)
	require.NoError(t, err)
	all, err := process.ProcessesWithContext(t.Context())
	require.NoError(t, err)
	var names []string
	for _, p := range all {
		if cwd, err := p.Cwd(); err == nil && strings.HasPrefix(cwd, dir) {
			name, _ := p.Cmdline()
			names = append(names, name)
		}
	}
	return names
}

func TestWatchInATerminal(t *testing.T) {
	t.Parallel()
	x := watchIn(t, "waits")
	x.wait(t, `Lab 1  Broadcast to all`)
	x.wait(t, `✗ 1\.1 `)
	x.wait(t, `ann, who said it, did not`)
	x.wait(t, `Lab 1 does not pass yet.*\r\nEnter again .* q quit\r\n`)

	x.press(t, "\x1b[A?") // an arrow is no key of ours, though it holds an A
	require.NotContains(t, x.wait(t, `quit, as Ctrl-C does`), "All labs")
	x.press(t, "h")
	x.wait(t, `Hint 1 of 4\.`)
	x.press(t, "d")
	x.wait(t, `! .*◀╌+.*missing: `)
	x.wait(t, `For a browser:  .*diagram\.svg`)
	x.press(t, "l")
	x.wait(t, `1\.1-all-hear/transcript\.txt\r\n`)
	x.wait(t, `check +note +ended here: ann said`)

	repair(t, x.dir)
	x.wait(t, `✓ passes: 6 of 6 required`)
	x.wait(t, `Lab 1 passes\. n goes on to lab 2, when you are ready`)
	x.press(t, "\r")
	x.wait(t, `Lab 1 passes\. n goes on`)
	x.press(t, "n")
	x.wait(t, `Lab 2  2000 is not 8080`)
	x.press(t, "p")
	x.wait(t, `Lab 1 passes\. n goes on`)
	x.press(t, "q")
	x.ended(t)
}

// On a terminal of the size that most begin with, a failure leaves out how to repeat it rather than scroll away what happened.
func TestWatchFitsALowTerminal(t *testing.T) {
	t.Parallel()
	x := watchInA(t, pty.Winsize{Rows: 24, Cols: 80}, "ready/waits")
	page := x.wait(t, `Lab 1 does not pass yet`) + x.wait(t, `the keys\r\n`)
	page = page[strings.LastIndex(page, clearAll):]
	require.Less(t, strings.Count(page, "\n"), 24, page)
	require.Regexp(t, `(?s)✗ 1 .*ann said .*expected.*heard.*missing: .*cause .*next `, page)
	x.press(t, "q")
	x.ended(t)
}

// A save while the checks run ends them: nothing is said of the old program.
func TestWatchJudgesWhatWasSavedMeanwhile(t *testing.T) {
	t.Parallel()
	x := watchIn(t, "waits", "--poll")
	x.wait(t, `✓ 1\.5 `)
	repair(t, x.dir)
	require.NotContains(t, x.wait(t, `✓ passes: 6 of 6 required`), "does not pass yet")
	x.press(t, "q")
	x.ended(t)
}

// Whatever ends it, the terminal is as it was and no process is left, though checks were under way.
func TestWatchEndsInTheMiddle(t *testing.T) {
	t.Parallel()
	typed := func(t *testing.T, x *watcher) { x.press(t, "\x03") }
	sent := func(sig os.Signal) func(*testing.T, *watcher) {
		return func(t *testing.T, x *watcher) { require.NoError(t, x.cmd.Process.Signal(sig)) }
	}
	for _, c := range []struct {
		name, isolate string
		end           func(*testing.T, *watcher)
	}{{"Ctrl-C", "auto", typed}, {"Ctrl-C not isolated", "off", typed}, {"SIGTERM", "auto", sent(syscall.SIGTERM)}, {"SIGHUP", "auto", sent(syscall.SIGHUP)}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := watchIn(t, "ready/waits", "--isolate", c.isolate)
			x.wait(t, `✓ 1\.5 `)
			if runtime.GOOS == "linux" {
				require.Greater(t, len(processesIn(t, x.dir)), 1, "programs are being judged")
			}
			c.end(t, x)
			x.ended(t)
			require.NotContains(t, string(x.text), "does not pass yet")
		})
	}
}

func TestWatchEndsWhileBuilding(t *testing.T) {
	t.Parallel()
	x := watchIn(t, "waits")
	x.wait(t, `building server, client`)
	x.press(t, "\x03")
	x.ended(t)
}
