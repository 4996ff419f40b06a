package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func TestPrintsWhatTheServerSays(t *testing.T) {
	p := start(t, "-url", serve(t, echo), "-name", "O'Brien (C-3PO)")
	p.types("plum\n")
	p.prints("O'Brien (C-3PO)'s Computer - From server: plum")
	p.types("  fig  \n\n\r\nplum\r\n") // the blanks stay, the empty lines are skipped
	p.prints("O'Brien (C-3PO)'s Computer - From server:   fig  ")
	p.prints("O'Brien (C-3PO)'s Computer - From server: plum")
}

func TestHearingDoesNotWaitForTyping(t *testing.T) {
	p := start(t, "-url", serve(t, func(conn *websocket.Conn) {
		conn.WriteMessage(websocket.TextMessage, []byte("one"))
		conn.WriteMessage(websocket.TextMessage, []byte("two"))
		echo(conn)
	}))
	p.prints("Reference's Computer - From server: one")
	p.prints("Reference's Computer - From server: two")
}

func TestTypingDoesNotWaitForHearing(t *testing.T) {
	heard, end := make(chan string, 10), make(chan error, 1)
	p := start(t, "-url", serve(t, listen(heard, end)))
	p.types("one\ntwo\n")
	require.Equal(t, "one", receive(t, heard))
	require.Equal(t, "two", receive(t, heard))
	p.stdin.Close()
	p.ends(0)
}

func TestSendsTextThatIsUTF8(t *testing.T) {
	kinds, texts := make(chan int, 1), make(chan string, 1)
	p := start(t, "-url", serve(t, func(conn *websocket.Conn) {
		kind, text, _ := conn.ReadMessage()
		kinds <- kind
		texts <- string(text)
		echo(conn)
	}))
	p.types("caf\xe9\n")
	require.Equal(t, websocket.TextMessage, receive(t, kinds))
	require.Equal(t, "caf\uFFFD", receive(t, texts))
}

func TestLongLineIsOneMessage(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	p := start(t, "-url", serve(t, echo))
	p.types(long + "\n")
	p.prints("Reference's Computer - From server: " + long)
}

func TestTextCannotForgeALine(t *testing.T) {
	p := start(t, "-url", serve(t, func(conn *websocket.Conn) {
		conn.WriteMessage(websocket.TextMessage, []byte("a\nReference's Computer - From server: b\r\x1b[2J"))
		conn.WriteMessage(websocket.TextMessage, []byte(`127.0.0.1:5: "it's \"李雷\"\n"`))
		echo(conn)
	}))
	p.prints(`Reference's Computer - From server: a\nReference's Computer - From server: b\r\x1b[2J`)
	p.prints(`Reference's Computer - From server: 127.0.0.1:5: "it's \"李雷\"\n"`)
}

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"Жук, 李雷\u3000é 🎉 'x' \"y\" \\z": "Жук, 李雷\u3000é 🎉 'x' \"y\" \\z",
		"\t\x00\x7f\u202e":               `\t\x00\x7f\u202e`,
		"\xff":                           "\uFFFD",
	} {
		require.Equal(t, want, visible(text))
	}
}

func TestEndOfInputDeliversWhatWasTyped(t *testing.T) {
	const lines = 1000
	heard, end := make(chan string, lines+1), make(chan error, 1)
	p := start(t, "-url", serve(t, listen(heard, end)))
	for i := range lines {
		p.types(fmt.Sprintln("line", i))
	}
	p.types("no newline")
	p.stdin.Close()
	p.ends(0)
	for i := range lines {
		require.Equal(t, fmt.Sprint("line ", i), receive(t, heard))
	}
	require.Equal(t, "no newline", receive(t, heard))
	require.True(t, websocket.IsCloseError(receive(t, end), websocket.CloseNormalClosure))
	require.Empty(t, receive(t, p.stderr))
}

func TestEndOfInputHearsUntilTheServersClose(t *testing.T) {
	p := start(t, "-url", serve(t, func(conn *websocket.Conn) {
		conn.SetCloseHandler(func(code int, _ string) error {
			conn.WriteMessage(websocket.TextMessage, []byte("last"))
			return conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(patience))
		})
		echo(conn)
	}))
	p.stdin.Close()
	p.prints("Reference's Computer - From server: last")
	p.ends(0)
}

// The server may not take the last line. Then there is no other to send it to, with -reconnect neither.
func TestEndOfInputHearsThatTheLastLineIsRefused(t *testing.T) {
	url := serve(t, func(conn *websocket.Conn) {
		conn.SetCloseHandler(func(int, string) error {
			refusal := websocket.FormatCloseMessage(websocket.CloseMessageTooBig, "")
			return conn.WriteControl(websocket.CloseMessage, refusal, time.Now().Add(patience))
		})
		echo(conn)
	})
	for _, args := range [][]string{{"-url", url}, {"-url", url, "-reconnect"}} {
		p := start(t, args...)
		p.stdin.Close()
		p.complains("client: lost the server: websocket: close 1009 (message too big)")
		p.ends(1)
		require.Empty(t, receive(t, p.stderr))
	}
}

// A server that ends the connection without a Close is no reason to complain when there was nothing more to say.
func TestEndOfInputTakesAnyEnd(t *testing.T) {
	for _, linger := range []int{-1, 0} { // a FIN, and a reset
		p := start(t, "-url", serve(t, func(conn *websocket.Conn) {
			conn.SetCloseHandler(func(int, string) error { return nil })
			conn.NetConn().(*net.TCPConn).SetLinger(linger)
			conn.ReadMessage()
		}))
		p.stdin.Close()
		p.ends(0)
		require.Empty(t, receive(t, p.stderr))
	}
}

func TestEndOfInputDoesNotWaitForEverForTheServersClose(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	p := start(t, "-url", serve(t, func(conn *websocket.Conn) { <-over })) // it neither reads nor answers
	p.stdin.Close()
	p.ends(0)
	close(over)
}

func TestInterruptIsTheEndOfInput(t *testing.T) {
	heard, end := make(chan string, 1), make(chan error, 1)
	p := start(t, "-url", serve(t, listen(heard, end)))
	p.types("plum\n")
	require.Equal(t, "plum", receive(t, heard))
	p.interrupt()
	p.ends(0)
	require.True(t, websocket.IsCloseError(receive(t, end), websocket.CloseNormalClosure))
}

func TestPingIsAnsweredWhileNothingIsTyped(t *testing.T) {
	pong := make(chan string, 1)
	start(t, "-url", serve(t, func(conn *websocket.Conn) {
		conn.SetPongHandler(func(data string) error {
			pong <- data
			return nil
		})
		conn.WriteControl(websocket.PingMessage, []byte("4f2c"), time.Now().Add(patience))
		echo(conn)
	}))
	require.Equal(t, "4f2c", receive(t, pong))
}

func TestServerThatClosesIsToldAtOnce(t *testing.T) {
	for _, code := range []int{websocket.CloseNormalClosure, websocket.CloseGoingAway} {
		p := start(t, "-url", serve(t, func(conn *websocket.Conn) {
			conn.WriteMessage(websocket.TextMessage, []byte("bye"))
			conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""))
			echo(conn)
		}))
		p.prints("Reference's Computer - From server: bye")
		p.complains("the server closed the chat")
		p.ends(0)
	}
}

func TestLostServerIsToldAtOnce(t *testing.T) {
	p := start(t, "-url", serve(t, func(*websocket.Conn) {}))
	require.Regexp(t, "^client: lost the server: .*EOF", receive(t, p.stderr))
	p.ends(1)

	p = start(t, "-url", serve(t, func(conn *websocket.Conn) {
		conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1008, "too slow\nok"))
		echo(conn)
	}))
	p.complains(`client: lost the server: websocket: close 1008 (policy violation): too slow\nok`)
	p.ends(1)
}
