package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// call runs a command line that ends by itself.
func call(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out, errs bytes.Buffer
	status = run(ctx, args, &out, &errs)
	require.NoError(t, ctx.Err(), "it serves")
	return status, out.String(), errs.String()
}

func TestHelpShowsEveryFlag(t *testing.T) {
	status, stdout, stderr := call(t, "-h")
	require.Zero(t, status)
	require.Empty(t, stderr)
	for _, name := range []string{
		"addr", "name", "welcome", "tag=false", "binary", "tls-cert", "tls-key", "origin", "max-clients", "max-header", "max-message", "handshake-wait", "ping",
		"write-wait", "keep", "keep-for", "slow", "writer", "quiet", "log", "metrics", "drain",
	} {
		require.Contains(t, stdout, "\n  -"+name+" ")
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	require.True(t, strings.HasPrefix(lines[len(lines)-1], "Example: "))
}

// Row 30, among others: a name that is long or cannot be printed is refused, with a reason.
func TestWrongCommandLines(t *testing.T) {
	for args, want := range map[string]string{
		"-colour":                           `server: flag provided but not defined: -colour`,
		"extra":                             `server: unexpected argument "extra"`,
		"-addr 8080":                        `server: invalid value "8080" for flag -addr: address 8080: missing port in address`,
		"-addr 127.0.0.1:99999":             `server: invalid value "127.0.0.1:99999" for flag -addr: address 99999: invalid port`,
		"-addr= ":                           `server: invalid value "" for flag -addr: missing port in address`,
		"-welcome=\xff":                     `server: invalid value "\xff" for flag -welcome: not UTF-8`,
		"-drain soon":                       `server: invalid value "soon" for flag -drain: parse error`,
		"-write-wait 0s":                    `server: times and sizes must be above zero`,
		"-max-message -1":                   `server: times and sizes must be above zero`,
		"-max-clients 0":                    `server: times and sizes must be above zero`,
		"-ping -1s":                         `server: times must not be below zero`,
		"-metrics 9090":                     `server: invalid value "9090" for flag -metrics: address 9090: missing port in address`,
		"-slow drop":                        `server: invalid value "drop" for flag -slow: want tell or close`,
		"-writer both":                      `server: invalid value "both" for flag -writer: want direct or pump`,
		"-log xml":                          `server: invalid value "xml" for flag -log: want text or json`,
		"-origin a.example":                 `server: invalid value "a.example" for flag -origin: want scheme://host or scheme://host:port, or * for all`,
		"-origin http://a,":                 `server: invalid value "" for flag -origin: want scheme://host or scheme://host:port, or * for all`,
		"-origin http://a/b":                `server: invalid value "http://a/b" for flag -origin: want scheme://host or scheme://host:port, or * for all`,
		"-origin http://*.a":                `server: invalid value "http://*.a" for flag -origin: want scheme://host or scheme://host:port, or * for all`,
		"-origin null":                      `server: invalid value "null" for flag -origin: want scheme://host or scheme://host:port, or * for all`,
		"-tls-cert x":                       `server: -tls-cert and -tls-key need each other`,
		"-name \x1b[2J":                     `server: invalid value "\x1b[2J" for flag -name: want up to 100 bytes that can be printed`,
		"-name " + strings.Repeat("x", 101): `server: invalid value "` + strings.Repeat("x", 101) + `" for flag -name: want up to 100 bytes that can be printed`,
	} {
		status, stdout, stderr := call(t, strings.Fields(args)...)
		require.Equal(t, 2, status, args)
		require.Empty(t, stdout)
		require.Equal(t, want+" (-h shows how to call it)\n", stderr)
	}
	_, err := parse([]string{"-name", strings.Repeat("x", 100)})
	require.NoError(t, err)
}

// Row 24.
func TestPortTaken(t *testing.T) {
	p := start(t)
	status, stdout, stderr := call(t, "-addr", p.addr)
	require.Equal(t, 1, status)
	require.Empty(t, stdout)
	if runtime.GOOS != "windows" {
		require.Contains(t, stderr, "listen tcp "+p.addr+": bind: address already in use\n")
	}
	require.Contains(t, stderr, "hint: or take any free port:  -addr 127.0.0.1:0\n")
	p.chats(t)
}

// Rows 23 and 25: at the end everyone gets what was said, then Close 1001; nobody new gets in; the status is 0.
func TestShutdown(t *testing.T) {
	const total = 500
	p := start(t)
	ann, ben := p.dial(t), p.dial(t)
	for n := range total {
		ann.say(t, fmt.Sprint(n))
	}
	p.stdout.await(t, fmt.Sprintf("From client %s \"%d\"", ann.addr, total-1))
	p.stop()
	for _, c := range []*client{ann, ben} {
		for n := range total {
			require.Equal(t, fmt.Sprintf("%s: \"%d\"", ann.addr, n), c.hear(t))
		}
		c.hearClose(t, websocket.CloseGoingAway)
	}
	require.Zero(t, p.end(t))
	_, _, err := websocket.DefaultDialer.Dial("ws://"+p.addr, nil)
	require.Error(t, err)
	status := start(t, "-addr", p.addr).end(t)
	require.Zero(t, status, "the port is free at once")
}

// Row 23: a client that does not read gets no more than the drain time; those who do get all and the Close.
func TestShutdownWithAClientThatDoesNotRead(t *testing.T) {
	p := start(t, "-quiet", "-drain", "200ms")
	p.dial(t)
	talker := p.dial(t)
	p.raw(t, "GET / HTTP/1.1\r\n") // nor one that is still shaking hands
	for range 300 {
		talker.say(t, words(64<<10))
		talker.hear(t)
	}
	began := time.Now()
	p.stop()
	talker.hearClose(t, websocket.CloseGoingAway)
	require.Zero(t, p.end(t))
	requireBetween(t, 200*time.Millisecond, 200*time.Millisecond, began)
}

// Whoever has not left when the drain time is over is cut off, and that is logged.
func TestTheLastLinesAreLogged(t *testing.T) {
	for range 20 {
		p := start(t, "-drain", "1ms")
		stays := p.join(t).LocalAddr().String()
		require.Zero(t, p.end(t))
		require.Contains(t, p.stdout.String(), "Connection closed: "+stays+"\n")
	}
}

func TestStuckOutputHoldsUpNothing(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stdout := &stuck{first: make(chan string, 1), free: make(chan struct{})}
	defer close(stdout.free)
	ended := make(chan int)
	go func() {
		var stderr console
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0", "-drain", "100ms"}, stdout, &stderr)
	}()
	p := &program{addr: strings.Fields(<-stdout.first)[2]}
	p.chats(t)
	p.chats(t)
	stop()
	require.Zero(t, <-ended)
}

// A stuck stream takes its first write, and no other before it is freed.
type stuck struct {
	first chan string
	free  chan struct{}
}

func (s *stuck) Write(b []byte) (int, error) {
	select {
	case s.first <- string(b):
	default:
		<-s.free
	}
	return len(b), nil
}

// process starts this test as the server, in a process of its own.
func process(t *testing.T, args ...string) (*exec.Cmd, *console) {
	if runtime.GOOS == "windows" {
		t.Skip("one process cannot send a signal to another")
	}
	out := new(console)
	cmd := exec.Command(os.Args[0], withDefaults(args)...)
	cmd.Env = append(os.Environ(), beServer+"=1")
	cmd.Stdout, cmd.Stderr = out, out
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd, out
}

// Row 23: with nobody there who does not read, the end takes less than the five seconds that it may take.
func TestSignals(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			cmd, out := process(t)
			p := &program{addr: out.await(t, `listening on (\S+)\n`)}
			c := p.dial(t)
			began := time.Now()
			require.NoError(t, cmd.Process.Signal(signal))
			c.hearClose(t, websocket.CloseGoingAway)
			c.Close()
			require.NoError(t, cmd.Wait(), "status 0")
			require.Less(t, time.Since(began), 5*time.Second)
		})
	}
}

// Row 23: the first signal waits for a client that does not read; the second waits for nothing.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	cmd, out := process(t, "-drain", "10m", "-write-wait", "10m", "-quiet")
	p := &program{addr: out.await(t, `listening on (\S+)\n`)}
	p.dial(t)
	talker := p.dial(t)
	for range 300 {
		talker.say(t, words(64<<10))
		talker.hear(t)
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	talker.hearClose(t, websocket.CloseGoingAway)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	again := time.NewTicker(20 * time.Millisecond) // one that comes with the first may count as the same
	defer again.Stop()
	for deadline := time.After(patience); ; {
		select {
		case err := <-ended:
			require.ErrorContains(t, err, "signal: terminated")
			return
		case <-again.C:
			cmd.Process.Signal(syscall.SIGTERM)
		case <-deadline:
			t.Fatal("the second signal does not end the server")
		}
	}
}
