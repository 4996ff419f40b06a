package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// Rows 7, 10, 12 and 13: what a client must not do ends its own connection, with the code that RFC 6455 7.4.1 has for it, and no other.
func TestWhatIsNotAllowed(t *testing.T) {
	masked := func(head ...byte) []byte { return append(head, 0, 0, 0, 0) } // a mask of zeros changes nothing
	for name, test := range map[string]struct {
		bytes []byte
		code  int // zero: it is allowed
	}{
		"binary":              {append(masked(0x82, 0x81), 'x'), websocket.CloseUnsupportedData},
		"text not UTF-8":      {append(masked(0x81, 0x82), 0xc3, 0x28), websocket.CloseInvalidFramePayloadData},
		"too long":            {masked(0x81, 0xfe, 0x04, 0x01), websocket.CloseMessageTooBig},
		"fragments too long":  {append(append(masked(0x01, 0x81), 'x'), masked(0x80, 0xfe, 0x04, 0x00)...), websocket.CloseMessageTooBig},
		"length overflows":    {masked(0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0), websocket.CloseMessageTooBig},
		"sum overflows":       {append(append(masked(0x01, 0x81), 'x'), masked(0x80, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)...), websocket.CloseMessageTooBig},
		"not masked":          {[]byte{0x81, 0x01, 'x'}, websocket.CloseProtocolError},
		"reserved bit":        {append(masked(0xc1, 0x81), 'x'), websocket.CloseProtocolError},
		"fragmented ping":     {masked(0x09, 0x80), websocket.CloseProtocolError},
		"oversized ping":      {masked(0x89, 0xfe, 0, 126), websocket.CloseProtocolError},
		"unmasked ping":       {[]byte{0x89, 0x00}, websocket.CloseProtocolError},
		"reserved opcode":     {masked(0x83, 0x80), websocket.CloseProtocolError},
		"end of no message":   {masked(0x80, 0x80), websocket.CloseProtocolError},
		"as long as may be":   {append(masked(0x81, 0xfe, 0x04, 0x00), words(1026)[:1024]...), 0},
		"fragments as may be": {append(append(append(masked(0x01, 0x81), 'x'), masked(0x80, 0xfe, 0x03, 0xff)...), words(1026)[:1023]...), 0},
		"fragmented close":    {masked(0x08, 0x80), websocket.CloseProtocolError},
	} {
		t.Run(name, func(t *testing.T) {
			p, chat := startOn(t, nil, "-max-message", "1024")
			other, c := p.dial(t), p.dial(t)
			_, err := c.NetConn().Write(test.bytes)
			require.NoError(t, err)
			if test.code == 0 {
				require.Contains(t, other.hear(t), c.addr)
				return
			}
			c.hearClose(t, test.code)
			other.say(t, "next")
			require.Equal(t, other.addr+`: "next"`, other.hear(t), "nothing of it was heard")
			require.Equal(t, map[string]float64{"protocol": 1}, chat.dropped(t))
		})
	}
}

// Row 7: however long a message is, of what is over the limit nothing is kept, be it one frame or many.
func TestTooLongTakesNoMemory(t *testing.T) {
	const limit = 64 << 10
	p := start(t, "-quiet", "-max-message", fmt.Sprint(limit))
	p.chats(t)
	frame := append([]byte{0x01, 0xfe, 0x03, 0xe8, 0, 0, 0, 0}, words(1002)[:1000]...)
	next := bytes.Repeat(append([]byte{0x00}, frame[1:]...), 64)
	for name, test := range map[string]struct{ first, more []byte }{
		"one frame":       {[]byte{0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, next}, // it announces 2^40 bytes
		"many, on and on": {frame, next},
	} {
		conns := make([]net.Conn, 20)
		for i := range conns {
			conns[i] = p.join(t)
		}
		before := allocated()
		for _, conn := range conns {
			_, err := conn.Write(test.first)
			for sent := 0; err == nil && sent < 10<<20; sent += len(test.more) { // an error is fine: the server has had enough
				_, err = conn.Write(test.more)
			}
		}
		each := (allocated() - before) / uint64(len(conns))
		t.Logf("%s: %d bytes for each", name, each)
		require.Less(t, each, uint64(8*limit), "doubled until it is full, and no more")
	}
	p.chats(t)
}

// allocated returns how many bytes have ever been taken from the heap.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// Row 7: the client learns why even if it is amid a message many times too long.
func TestTooLongIsToldToWhoStillTalks(t *testing.T) {
	p := start(t, "-max-message", "1000")
	c := p.dial(t)
	told := make(chan struct{})
	go func() {
		defer close(told)
		c.hearClose(t, websocket.CloseMessageTooBig)
	}()
	c.WriteMessage(websocket.TextMessage, []byte(words(4<<20))) // an error is fine, a lost Close is not
	<-told
}

// Row 11: a ping between fragments is answered at once, not only when the message is whole.
func TestFragmentsAreJoinedAndPingsAnswered(t *testing.T) {
	p := start(t)
	c := p.dial(t)
	send := func(frames ...[]byte) {
		_, err := c.NetConn().Write(slices.Concat(frames...))
		require.NoError(t, err)
	}
	fragment := func(first byte, text string) []byte {
		return append([]byte{first, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)
	}
	pongs := ""
	c.SetPongHandler(func(data string) error {
		pongs += data
		send(fragment(0x00, "whole "), fragment(0x80, "message"))
		return nil
	})
	send(fragment(0x01, "one "), fragment(0x89, "ping"))
	require.Equal(t, c.addr+`: "one whole message"`, c.hear(t))
	require.Equal(t, "ping", pongs)
}

// Row 16: pongs never fall inside another frame, and none is lost, however much is said at the same time.
func TestPingsAmidTheCrowd(t *testing.T) {
	const total = 300
	p := start(t, "-quiet")
	talker, c := p.dial(t), p.dial(t)
	pongs := 0
	c.SetPongHandler(func(string) error { pongs++; return nil })
	go func() {
		for range total {
			talker.say(t, words(10_000))
		}
	}()
	go func() {
		for range total {
			c.WriteControl(websocket.PingMessage, []byte("p"), time.Time{})
		}
		c.say(t, "done")
	}()
	for heard := 0; heard < total+1; heard++ {
		c.hear(t)
	}
	require.Equal(t, total, pongs)
}

// Row 2: a peer that says nothing is let go, and so is one that does not end its request; a client that has shaken hands may be
// silent for as long as it likes. The server answers a bad handshake or closes, and the chat goes on.
func TestHandshakeWait(t *testing.T) {
	t.Parallel()
	p := start(t, "-handshake-wait", "200ms")
	quiet := p.dial(t)
	for _, start := range []string{"", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"} {
		began := time.Now()
		rest(t, p.raw(t, start)) // returns when the server has let go, which takes the wait that the quiet one has had by then
		requireBetween(t, 200*time.Millisecond, 200*time.Millisecond, began)
	}
	quiet.say(t, "still here")
	require.Equal(t, quiet.addr+`: "still here"`, quiet.hear(t))
}

// Rows 4 and 5: what is no handshake is told so, and what would be one.
func TestBadHandshakes(t *testing.T) {
	p, c := startOn(t, nil, "-handshake-wait", "1s")
	const upgrade = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
	for name, test := range map[string]struct{ request, status string }{
		"a handshake":  {shake, "101"},
		"short key":    {upgrade + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\r\n\r\n", "400"},
		"plain GET":    {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		"POST":         {"POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n", "405"},
		"HTTP/1.0":     {strings.Replace(shake, "HTTP/1.1", "HTTP/1.0", 1), "400"},
		"no key":       {upgrade + "Sec-WebSocket-Version: 13\r\n\r\n", "400"},
		"version 12":   {upgrade + "Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", "400"},
		"other origin": {upgrade + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://elsewhere\r\n\r\n", "403"},
		"huge header":  {"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 40<<10), "431"},
		"no HTTP":      {"\x16\x03\x01\x02\x00\r\n\r\n", "400"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.status, status(t, p.raw(t, test.request)))
			p.chats(t)
		})
	}
	require.Equal(t, map[string]float64{"handshake": 7}, c.dropped(t), "net/http answers the last two")
	require.NotContains(t, p.stderr.String(), "panic")
}

// Row 5.
func TestPlainGetIsToldWhy(t *testing.T) {
	p := start(t)
	response, err := http.Get("http://" + p.addr + "/any/path")
	require.NoError(t, err)
	defer http.DefaultClient.CloseIdleConnections()
	defer response.Body.Close()
	require.Equal(t, http.StatusBadRequest, response.StatusCode)
	require.Equal(t, "13", response.Header.Get("Sec-WebSocket-Version"))
}

// Row 15: a client that takes nothing is let go after the write wait, not before; until then, and after, the others chat on.
func TestWriteWait(t *testing.T) {
	t.Parallel()
	p, c := startOn(t, nil, "-write-wait", "300ms", "-quiet")
	began := time.Now()
	p.dial(t) // and does not read
	talker := p.dial(t)
	for text := words(64 << 10); len(c.present()) > 1; {
		talker.say(t, text)
		talker.hear(t)
	}
	requireBetween(t, 300*time.Millisecond, 300*time.Millisecond, began)
	require.Equal(t, map[string]float64{"slow": 1}, c.dropped(t))
	p.chats(t)
}

// Row 18: a panic in what serves one client ends that client alone, wherever it comes from and as often as it comes.
func TestPanicEndsOneClientAlone(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]*faultyListener{
		"one read":             {},
		"all reads and writes": {always: true},
		"one direct write":     {direct: true},
		"all direct writes":    {direct: true, always: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := []string{"-handshake-wait", "1s"}
			if fault.direct {
				args = append(args, "-writer", "direct")
				if !hasDirect(t) {
					t.Skip("there is no direct way here")
				}
			}
			p, c := startOn(t, func(l net.Listener) net.Listener { fault.Listener = l; return fault }, args...)
			victim, other := p.dial(t), p.dial(t)
			fault.broken.Store(&victim.addr)
			if fault.direct {
				for _, m := range c.present() {
					m.beforeDirect(func() { fault.call(m.Conn) })
				}
			}
			victim.say(t, "bang")
			require.NoError(t, victim.SetReadDeadline(time.Now().Add(patience)))
			var err error
			for err == nil {
				_, _, err = victim.ReadMessage()
			}
			require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
			if name == "one read" {
				require.True(t, websocket.IsCloseError(err, websocket.CloseInternalServerErr), "%v", err)
			}
			p.stderr.await(t, `panic: client `+victim.addr+`: out of order`)
			p.stdout.await(t, `Connection closed: `+victim.addr)
			other.say(t, "unhurt")
			for !strings.Contains(other.hear(t), "unhurt") {
			}
			p.chats(t)
			require.Zero(t, p.end(t))
			require.Equal(t, map[string]float64{"panic": 1}, c.dropped(t))
		})
	}
}

func hasDirect(t *testing.T) bool {
	ours, _ := tcpPair(t)
	return newDirect(ours, func() {}) != nil
}

// A faultyListener's connections panic, once or always: that of the client with the broken address, when it is read from
// (always: or written to, or closed), or, with direct, when the test has something written to it without waiting.
type faultyListener struct {
	net.Listener
	direct, always bool
	broken         atomic.Pointer[string]
}

func (l *faultyListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if l.direct {
		return conn, err
	}
	return faultyConn{conn, l}, err
}

func (l *faultyListener) call(conn net.Conn) {
	broken := l.broken.Load()
	if broken != nil && *broken == conn.RemoteAddr().String() && (l.always || l.broken.CompareAndSwap(broken, nil)) {
		panic("out of order")
	}
}

func (l *faultyListener) callAgain(conn net.Conn) {
	if l.always {
		l.call(conn)
	}
}

type faultyConn struct {
	net.Conn
	listener *faultyListener
}

func (c faultyConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.listener.call(c.Conn)
	return n, err
}

func (c faultyConn) Write(b []byte) (int, error) {
	c.listener.callAgain(c.Conn)
	return c.Conn.Write(b)
}

func (c faultyConn) Close() error {
	err := c.Conn.Close()
	c.listener.callAgain(c.Conn)
	return err
}
