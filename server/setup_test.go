package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"broadcastlab/testdata/leak"
	"broadcastlab/testdata/parallel"
	"broadcastlab/testdata/race"
)

// patience is how long a test waits for what should come at once.
const patience = time.Minute

// TestMain runs the tests, and checks that nothing they started is left. With beServer set, it is the program itself.
func TestMain(m *testing.M) {
	if os.Getenv(beServer) != "" {
		main()
	}
	parallel.Default(6) // they wait for time limits to be over
	os.Exit(leak.Run(m, patience))
}

const (
	beServer       = "BROADCASTLAB_TEST_BE_SERVER"
	writerVariable = "BROADCASTLAB_TEST_WRITER" // what -writer is in the tests
)

// TestPump runs the conformance tests once more, with the pump in place of the direct way, all of them in CI; and under the race detector
// all others: they are about who waits for whom. One client at a time has nobody to race with.
func TestPump(t *testing.T) {
	t.Parallel()
	if os.Getenv(writerVariable) != "" {
		t.Skip("this is that run")
	}
	only, skip := "Conformance", "^$"
	switch {
	case race.Enabled:
		only, skip = ".", "Conformance|^TestPump$|^Fuzz"
	case os.Getenv("CI") == "":
		skip = "/^9" // the long messages
	}
	all := exec.Command(os.Args[0], "-test.short", "-test.run", only, "-test.skip", skip, "-test.timeout", "5m")
	all.Env = append(os.Environ(), writerVariable+"=pump")
	output, err := all.CombinedOutput()
	require.NoError(t, err, string(output))
}

// A console is a stream of the program, and lets a test wait for what is written to it.
type console struct {
	mu      sync.Mutex // guards what follows
	text    bytes.Buffer
	changed chan struct{} // closed at the next write; nil when nobody waits
}

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
	return c.text.Write(p)
}

func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}

// await waits until pattern is there, and returns its first group, or all of it if it has none.
func (c *console) await(t testing.TB, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	deadline := time.After(patience)
	for {
		c.mu.Lock()
		if c.changed == nil {
			c.changed = make(chan struct{})
		}
		text, changed := c.text.String(), c.changed
		c.mu.Unlock()
		if m := re.FindStringSubmatch(text); m != nil {
			return m[len(m)-1]
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("no %q in\n%s", pattern, text)
		}
	}
}

// A program is a server that runs in this process.
type program struct {
	addr           string
	stdout, stderr console
	stop           context.CancelFunc // what SIGTERM does
	ended          chan int           // its exit status
}

// start runs the server on a free port, until the end of the test if not before.
func start(t testing.TB, args ...string) *program {
	t.Helper()
	p := new(program)
	p.run(t, func(ctx context.Context) int { return run(ctx, withDefaults(args), &p.stdout, &p.stderr) })
	p.addr = p.stdout.await(t, `listening on ([^\s"]+)`)
	return p
}

// startOn is start with a listener that the test has its hands in unless wrap is nil, and lets it look at the chat.
func startOn(t testing.TB, wrap func(net.Listener) net.Listener, args ...string) (*program, *chat) {
	t.Helper()
	cfg, err := parse(withDefaults(args))
	require.NoError(t, err)
	listener, err := net.Listen("tcp", cfg.addr)
	require.NoError(t, err)
	p := &program{addr: listener.Addr().String()}
	if wrap != nil {
		listener = wrap(listener)
	}
	c := newChat(cfg, &p.stdout, &p.stderr)
	p.run(t, func(ctx context.Context) int {
		if c.serve(ctx, listener) != nil {
			return 1
		}
		return 0
	})
	return p, c
}

// dropped returns how many clients were dropped, by the reasons that there were.
func (c *chat) dropped(t testing.TB) map[string]float64 {
	families, err := c.registry().Gather()
	require.NoError(t, err)
	clients := map[string]float64{}
	for _, family := range families {
		for _, m := range family.Metric {
			if n := m.GetCounter().GetValue(); n > 0 && family.GetName() == "chat_clients_dropped_total" {
				clients[m.Label[0].GetValue()] = n
			}
		}
	}
	return clients
}

func withDefaults(args []string) []string {
	defaults := []string{"-addr", "127.0.0.1:0", "-drain", "1s", "-writer", cmp.Or(os.Getenv(writerVariable), "direct")}
	return append(defaults, args...)
}

func (p *program) run(t testing.TB, server func(context.Context) int) {
	ctx, stop := context.WithCancel(context.Background())
	p.stop, p.ended = stop, make(chan int, 1)
	go func() { p.ended <- server(ctx) }()
	t.Cleanup(func() { p.end(t) })
}

// end stops the server, if it is not stopped yet, and returns its exit status.
func (p *program) end(t testing.TB) int {
	t.Helper()
	p.stop()
	select {
	case status := <-p.ended:
		p.ended <- status
		return status
	case <-time.After(patience):
		t.Fatal("the server does not end")
		return -1
	}
}

// A client is the tests' own end of a connection.
type client struct {
	*websocket.Conn
	addr string // as the server sees it
}

// dial opens a client and takes the welcome.
func (p *program) dial(t testing.TB) *client {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+p.addr, nil)
	require.NoError(t, err)
	t.Cleanup(func() { ws.Close() })
	c := &client{ws, ws.LocalAddr().String()}
	require.Equal(t, "Welcome to chat! Type a message", c.hear(t))
	return c
}

func (c *client) say(t testing.TB, text string) {
	t.Helper()
	require.NoError(t, c.WriteMessage(websocket.TextMessage, []byte(text)))
}

// hear returns the next message.
func (c *client) hear(t testing.TB) string {
	t.Helper()
	require.NoError(t, c.SetReadDeadline(time.Now().Add(patience)))
	kind, text, err := c.ReadMessage()
	require.NoError(t, err)
	require.Equal(t, websocket.TextMessage, kind)
	return string(text)
}

// hearClose expects nothing but Close with this code, and then the end of the connection.
func (c *client) hearClose(t testing.TB, code int) {
	t.Helper()
	require.NoError(t, c.SetReadDeadline(time.Now().Add(patience)))
	_, text, err := c.ReadMessage()
	require.True(t, websocket.IsCloseError(err, code), "want Close %d, have %v %q", code, err, text)
}

// raw opens a TCP connection and sends text.
func (p *program) raw(t testing.TB, text string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", p.addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(conn, text)
	require.NoError(t, err)
	return conn
}

// rest reads until the server closes the connection.
func rest(t testing.TB, conn net.Conn) string {
	t.Helper()
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(answer)
}

// chats checks that the chat goes on: one more client comes, speaks, and hears itself.
func (p *program) chats(t testing.TB) {
	t.Helper()
	c := p.dial(t)
	c.say(t, "still there?")
	for want := fmt.Sprintf("%s: %q", c.addr, "still there?"); c.hear(t) != want; {
	}
}

// shake is a handshake as RFC 6455 1.3 has it.
const shake = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// join opens a client that takes little memory: it has shaken hands, and has the welcome still to read.
func (p *program) join(t testing.TB) net.Conn {
	t.Helper()
	conn := p.raw(t, shake)
	// One byte after the other, so that nothing of what follows is taken too.
	for answer, b := "", make([]byte, 1); !strings.HasSuffix(answer, "\r\n\r\n"); answer += string(b) {
		_, err := conn.Read(b)
		require.NoError(t, err)
	}
	return conn
}

// late is how much longer than it should something may take on a busy machine.
const late = 10 * time.Second

// requireBetween checks that it took at least so long since began, and not much longer.
func requireBetween(t testing.TB, least, most time.Duration, began time.Time) {
	t.Helper()
	took := time.Since(began)
	require.GreaterOrEqual(t, took, least)
	require.Less(t, took, most+late)
}

// words returns a text of about n bytes.
func words(n int) string { return strings.Repeat("words ", n/6) }
