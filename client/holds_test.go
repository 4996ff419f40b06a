package main

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadcastlab/testdata/conformance"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// listening returns a listener for a server that does by hand what no library would do.
func listening(t *testing.T) (net.Listener, string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	return listener, "ws://" + listener.Addr().String()
}

func TestTypedLinesOfAllLengths(t *testing.T) {
	listener, url := listening(t)
	for _, n := range []int{1, 125, 126, 127, 65535, 65536, 16 << 20} { // RFC 6455 5.2
		p := start(t, "-url", url, "-ping", "0") // nothing but what is typed, however long it takes
		conn, err := conformance.Accept(listener)
		require.NoError(t, err)
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		typed := strings.Repeat("x", n)
		go io.WriteString(p.stdin, typed+"\n")
		want := []conformance.Message{{Opcode: conformance.Text, Payload: typed}}
		require.NoError(t, conformance.Case{}.Check(conn.Play(conformance.Case{}, 1), want))
		p.complains("the server closed the chat")
		p.ends(0)
	}
}

func TestSilentServerIsNoticed(t *testing.T) {
	over := make(chan struct{})
	defer close(over)
	p := start(t, "-ping", "50ms", "-url", serve(t, func(*websocket.Conn) { <-over }))
	p.complains("client: lost the server: it has been silent for 150ms (i/o timeout)")
	p.ends(1)
}

func TestServerThatAnswersPingsIsNotSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client := net.Pipe()
		go func() {
			_, err := conformance.Upgrade(server)
			for pongs := 0; err == nil && pongs < 100; pongs++ {
				if _, err = io.ReadFull(server, make([]byte, 6)); err == nil { // a ping without text, masked
					_, err = server.Write([]byte{0x8a, 0})
				}
			}
			server.Write([]byte{0x88, 0}) // Close
			io.Copy(io.Discard, server)
		}()
		l := link{Conn: client}
		ws := websocket.Dialer{NetDial: func(_, _ string) (net.Conn, error) { return &l, nil }}
		conn, _, err := ws.Dial("ws://server", nil)
		require.NoError(t, err)
		l.open, l.silence = true, 30*time.Second
		began := time.Now()
		c := chat{stdout: io.Discard, maxMessage: 1 << 10, ping: 10 * time.Second}
		require.ErrorIs(t, c.talk(t.Context(), conn), errClosed)
		require.Equal(t, 1000*time.Second, time.Since(began))
	})
}

// A message that takes longer than silence may is fine as long as something of it comes.
func TestSlowIsNotSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client := net.Pipe()
		defer server.Close()
		l := link{Conn: client, open: true, silence: 30 * time.Second}
		go func() {
			for range 10 {
				<-time.After(29 * time.Second)
				server.Write([]byte("x"))
			}
		}()
		for range 10 {
			n, err := l.Read(make([]byte, 10))
			require.NoError(t, err)
			require.Equal(t, 1, n)
		}
		begin := time.Now()
		_, err := l.Read(make([]byte, 10))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 30*time.Second, time.Since(begin))
	})
}

// deaf is a server that takes the first byte of what is said, and no more. A line that is too much for all buffers on the
// way to it is typed at once.
func deaf(t *testing.T) (p *program, started <-chan byte) {
	first, over := make(chan byte, 1), make(chan struct{})
	p = start(t, "-url", serve(t, func(conn *websocket.Conn) {
		b := make([]byte, 1)
		conn.NetConn().Read(b)
		first <- b[0]
		<-over
	}))
	t.Cleanup(func() { close(over) })
	p.types(strings.Repeat("x", 64<<20) + "\n")
	return p, first
}

func TestServerThatTakesNothingIsLost(t *testing.T) {
	t.Parallel()
	p, _ := deaf(t)
	require.Regexp(t, "^client: lost the server: a message could not be sent: .*timeout$", receive(t, p.stderr))
	p.ends(1)
}

func TestServerThatTakesNothingDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	p, started := deaf(t)
	receive(t, started)
	begin := time.Now()
	p.interrupt()
	p.ends(0)
	require.Less(t, time.Since(begin), writeWait)
	require.Empty(t, receive(t, p.stderr))
}

func TestStuckOutputDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	url := serve(t, func(conn *websocket.Conn) {
		conn.WriteMessage(websocket.TextMessage, []byte("one"))
		echo(conn)
	})
	over := make(chan struct{})
	defer close(over)
	stdout := writerFunc(func(text string) {
		if text != "" {
			<-over
		}
	})
	in, stdin := io.Pipe()
	status := make(chan int, 1)
	go func() { status <- run(t.Context(), []string{"-url", url}, in, stdout, io.Discard) }()
	stdin.Close()
	require.Equal(t, 0, receive(t, status))
}

func TestResetIsOneLine(t *testing.T) {
	p := start(t, "-url", serve(t, func(conn *websocket.Conn) {
		conn.NetConn().(*net.TCPConn).SetLinger(0)
	}))
	require.Regexp(t, "^client: lost the server: .*(reset|forcibly)", receive(t, p.stderr))
	p.ends(1)
	require.Empty(t, receive(t, p.stderr))
}

func TestWhatIsNotTakenFromTheServer(t *testing.T) {
	for want, test := range map[string]struct {
		kind int
		text string
		code int
	}{
		"it sent a message of more than 1000 bytes": {websocket.TextMessage, strings.Repeat("x", 1001), websocket.CloseMessageTooBig},
		"it sent a binary message":                  {websocket.BinaryMessage, "x", websocket.CloseUnsupportedData},
		"it sent a text that is not UTF-8":          {websocket.TextMessage, "caf\xe9", websocket.CloseInvalidFramePayloadData},
	} {
		heard, end := make(chan string, 1), make(chan error, 1)
		p := start(t, "-max-message", "1000", "-url", serve(t, func(conn *websocket.Conn) {
			conn.WriteMessage(test.kind, []byte(test.text))
			listen(heard, end)(conn)
		}))
		p.complains("client: lost the server: " + want)
		require.True(t, websocket.IsCloseError(receive(t, end), test.code), want)
		p.ends(1)
		require.Empty(t, receive(t, p.stdout))
	}
}

func TestCloseIsToldAtOnceThoughTheConnectionStays(t *testing.T) {
	over := make(chan struct{})
	defer close(over)
	p := start(t, "-url", serve(t, func(conn *websocket.Conn) {
		conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, "the chat has ended"))
		<-over
	}))
	p.complains("the server closed the chat")
	p.ends(0)
}

func TestCloseIsToldInWords(t *testing.T) {
	for code, want := range map[int]string{
		websocket.CloseNoStatusReceived:   "the server closed the chat",
		websocket.CloseInternalServerErr:  "client: lost the server: websocket: close 1011 (internal server error): why",
		websocket.CloseServiceRestart:     "client: lost the server: it starts anew: websocket: close 1012: why",
		websocket.CloseTryAgainLater:      "client: lost the server: it is too busy: websocket: close 1013: why",
		3000:                              "client: lost the server: websocket: close 3000: why",
		websocket.CloseMandatoryExtension: "client: lost the server: websocket: close 1010 (mandatory extension missing): why",
	} {
		p := start(t, "-url", serve(t, func(conn *websocket.Conn) {
			conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, "why"))
			echo(conn)
		}))
		p.complains(want)
		require.Empty(t, receive(t, p.stderr))
	}
}

func TestReconnectsIfAskedTo(t *testing.T) {
	var connections atomic.Int32
	url := serve(t, func(conn *websocket.Conn) {
		switch connections.Add(1) {
		case 1: // lost
		case 2:
			conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""))
			echo(conn)
		default:
			echo(conn)
		}
	})
	p := start(t, "-reconnect", "-backoff", "1ms", "-url", url)
	require.Regexp(t, "^client: lost the server: .*EOF", receive(t, p.stderr))
	p.complains("the server closed the chat")
	p.types("plum\n")
	p.prints("Reference's Computer - From server: plum")
	p.stdin.Close()
	p.ends(0)
}

// What a lost server did not take is said to the next one.
func TestUnsentLineIsSentAfterwards(t *testing.T) {
	lines := make(chan string)
	c := chat{lines: lines, unsent: "plum", stdout: io.Discard, maxMessage: 1 << 10}
	heard, end := make(chan string, 2), make(chan error, 1)
	d := dialer{url: serve(t, listen(heard, end)), attempts: 1, handshakeWait: patience, stderr: io.Discard}
	conn, err := d.dial(t.Context())
	require.NoError(t, err)
	close(lines)
	require.NoError(t, c.talk(context.Background(), conn))
	require.Equal(t, "plum", receive(t, heard))
	require.True(t, websocket.IsCloseError(receive(t, end), websocket.CloseNormalClosure))
}
