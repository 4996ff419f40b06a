package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"broadcastlab/testdata/leak"
	"broadcastlab/testdata/race"
)

// Row 19: whoever comes when the chat is full is told so; a place that is given up is free, whatever it was.
func TestMaxClients(t *testing.T) {
	t.Parallel()
	p, c := startOn(t, nil, "-max-clients", "2")
	for range 3 { // a bad handshake takes no place
		rest(t, p.raw(t, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
	}
	first := p.dial(t)
	p.dial(t)
	_, response, err := websocket.DefaultDialer.Dial("ws://"+p.addr, nil)
	require.ErrorIs(t, err, websocket.ErrBadHandshake)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Equal(t, map[string]float64{"handshake": 3, "full": 1}, c.dropped(t))
	first.Close()
	p.stdout.await(t, "Connection closed: "+first.addr)
	for range 1000 { // it has said goodbye before it gives up its place
		if _, _, err = websocket.DefaultDialer.Dial("ws://"+p.addr, nil); err == nil {
			return
		}
	}
	require.NoError(t, err)
}

// Row 4: a header up to -max-header is fine, one that is much larger is not. In between is what net/http gives on top, 4096.
func TestMaxHeader(t *testing.T) {
	for _, test := range []struct {
		args   []string
		length int
		status string
	}{
		{nil, 16_000, "101"},
		{nil, 40 << 10, "431"},
		{[]string{"-max-header", "1000"}, 700, "101"},
		{[]string{"-max-header", "1000"}, 5200, "431"},
		{[]string{"-max-header", "100000"}, 99_000, "101"},
	} {
		p := start(t, test.args...)
		request := strings.TrimSuffix(shake, "\r\n") + "X: " + strings.Repeat("x", test.length) + "\r\n\r\n"
		require.Equal(t, test.status, status(t, p.raw(t, request)), "%+v", test)
	}
}

// status returns that of the answer to a handshake.
func status(t *testing.T, conn net.Conn) string {
	t.Helper()
	answer := make([]byte, len("HTTP/1.1 101"))
	_, err := io.ReadFull(conn, answer)
	require.NoError(t, err)
	return string(answer[len("HTTP/1.1 "):])
}

// Row 6: a page from elsewhere stays out, unless -origin lets it in.
func TestOrigin(t *testing.T) {
	for _, test := range []struct {
		flag, origin string
		in           bool
	}{
		{"", "", true},
		{"", "http://elsewhere.example", false},
		{"", "http://SELF", true},
		{"https://a.example,https://b.example", "https://b.example", true},
		{"https://a.example,https://b.example", "https://b.example.evil", false},
		{"https://a.example", "", true},
		{" https://a.example , https://B.example", "https://b.example", true},
		{"https://a.example", "http://SELF", true},
		{"https://a.example", "null", false},
		{"*", "https://any.example", true},
	} {
		p := start(t, "-origin", test.flag)
		header := http.Header{}
		if test.origin != "" {
			header.Set("Origin", strings.Replace(test.origin, "SELF", p.addr, 1))
		}
		ws, response, err := websocket.DefaultDialer.Dial("ws://"+p.addr, header)
		require.Equal(t, test.in, err == nil, "%+v: %v", test, err)
		if test.in {
			ws.Close()
		} else {
			require.Equal(t, http.StatusForbidden, response.StatusCode)
		}
		p.end(t)
	}
}

// Row 28: compression stays off: a limit on what is read would not hold for what comes of it.
func TestCompressionIsNotOffered(t *testing.T) {
	p := start(t)
	dialer := websocket.Dialer{EnableCompression: true}
	ws, response, err := dialer.Dial("ws://"+p.addr, nil)
	require.NoError(t, err)
	defer ws.Close()
	require.Empty(t, response.Header.Get("Sec-WebSocket-Extensions"))
}

// Row 20: when the system has no more files, the server waits a little, says so now and then, and goes on.
func TestTooManyFiles(t *testing.T) {
	t.Parallel()
	p, _ := startOn(t, func(l net.Listener) net.Listener { return &exhausted{Listener: l} })
	p.chats(t)
	p.stderr.await(t, "accept: too many open files; retrying in 5ms")
	require.Zero(t, p.end(t))
}

type exhausted struct {
	net.Listener
	failed atomic.Int32
}

func (l *exhausted) Accept() (net.Conn, error) {
	if l.failed.Add(1) <= 4 {
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

// When nobody can get in any more, the chat ends in good order, and the log says why.
func TestListenerThatIsLost(t *testing.T) {
	for format, want := range map[string]string{"text": "^server: accept: broken\n$", "json": `^{.*"msg":"server: accept: broken"}\n$`} {
		broken := make(chan struct{})
		p, _ := startOn(t, func(l net.Listener) net.Listener { return &lost{l, broken} }, "-log", format)
		c := p.dial(t)
		close(broken)
		p.raw(t, "") // Accept is waiting for it
		c.hearClose(t, websocket.CloseGoingAway)
		require.Equal(t, 1, <-p.ended)
		p.ended <- 1
		require.Regexp(t, want, p.stderr.String())
	}
}

// A lost listener fails once it is broken.
type lost struct {
	net.Listener
	broken chan struct{}
}

func (l *lost) Accept() (net.Conn, error) {
	select {
	case <-l.broken:
		return nil, &net.OpError{Op: "accept", Err: errors.New("broken")}
	default:
		return l.Listener.Accept()
	}
}

// Row 20: there are not as many lines about it as there are attempts.
func TestErrorLinesAreLimited(t *testing.T) {
	var out console
	j := newJournal(&out, false)
	l := &limiter{journal: j, second: time.Now().Add(time.Hour)}
	for range 1000 {
		fmt.Fprintln(l, "oops")
	}
	l.second = time.Time{}
	fmt.Fprintln(l, "next")
	j.close(t.Context())
	want := strings.Repeat("oops\n", maxErrorLines) + fmt.Sprintf("(%d lines left out)\nnext\n", 1000-maxErrorLines)
	require.Equal(t, want, out.String())
}

// Row 21: ten thousand come and go, half of them without a goodbye: nothing of them is left, no goroutine, no file, no member.
func TestTenThousandComeAndGo(t *testing.T) {
	total := 10_000
	if testing.Short() {
		total = 1000
	}
	p, c := startOn(t, nil, "-quiet")
	comeAndGo(t, p, false)
	c.awaitNobody(t)
	goroutines, files := runtime.NumGoroutine(), openFiles()
	const workers = 8
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := range total / workers {
				comeAndGo(t, p, (w+i)%2 == 0)
			}
		})
	}
	wait.Wait()
	c.awaitNobody(t)
	require.EqualValues(t, total+1, c.stats.joined.Load())
	require.True(t, leak.Settles(goroutines, patience), "goroutines are left")
	require.LessOrEqual(t, openFiles(), files, "files are left")
	p.chats(t)
}

// awaitNobody waits until the last has left.
func (c *chat) awaitNobody(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return len(c.present()) == 0 && c.slots.Load() == 0 }, patience, time.Millisecond)
}

// comeAndGo joins, and either leaves by the rules or resets the connection.
func comeAndGo(t *testing.T, p *program, reset bool) {
	conn, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(conn, shake)
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	if reset {
		conn.(*net.TCPConn).SetLinger(0)
		return
	}
	conn.Write([]byte{0x88, 0x80, 0, 0, 0, 0})
	for b := make([]byte, 1<<10); err == nil; { // the answer, the welcome, Close, and the end
		_, err = conn.Read(b)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
}

// openFiles returns how many files this process has open, or zero where nobody knows.
func openFiles() int {
	files, _ := os.ReadDir("/proc/self/fd")
	return len(files)
}

// Row 31: a silent client costs less than 6 KiB. Both ends of its connection are counted here.
func TestMemoryOfAConnection(t *testing.T) {
	const clients = 1000
	p := start(t, "-quiet")
	p.chats(t)
	before := memory()
	for range clients {
		p.join(t)
	}
	each := (memory() - before) / clients
	t.Logf("%d bytes a connection", each)
	if !race.Enabled {
		require.Less(t, each, uint64(6<<10))
	}
}

// memory returns the bytes in use, on the heap and in stacks.
func memory() uint64 {
	runtime.GC()
	runtime.GC() // what pools hold goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

func TestTLS(t *testing.T) {
	dir := t.TempDir()
	certificate, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	pool := selfSigned(t, certificate, key)
	p := start(t, "-tls-cert", certificate, "-tls-key", key)
	dialer := websocket.Dialer{TLSClientConfig: &tls.Config{RootCAs: pool}}
	ws, _, err := dialer.Dial("wss://"+p.addr, nil)
	require.NoError(t, err)
	defer ws.Close()
	c := &client{ws, ws.LocalAddr().String()}
	require.Contains(t, c.hear(t), "Welcome")
	for n := range 100 {
		c.say(t, fmt.Sprint(n))
	}
	for n := range 100 {
		require.Equal(t, fmt.Sprintf("%s: \"%d\"", c.addr, n), c.hear(t))
	}
	_, _, err = websocket.DefaultDialer.Dial("ws://"+p.addr, nil)
	require.Error(t, err, "there is no way in without TLS")
	p.stop()
	c.hearClose(t, websocket.CloseGoingAway)
	require.Zero(t, p.end(t))

	status, _, stderr := call(t, "-tls-cert", certificate, "-tls-key", filepath.Join(dir, "none.pem"))
	require.Equal(t, 1, status)
	require.Contains(t, stderr, "server: load certificate: open ")
}
