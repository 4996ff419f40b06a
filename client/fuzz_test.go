package main

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"broadcastlab/testdata/conformance"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// FuzzVisible: whatever a server says is one line that does nothing to the terminal, and what could do nothing stays.
func FuzzVisible(f *testing.F) {
	for _, text := range []string{"plain", "a\nb\r\x1b[2J", "Жук 李雷\u3000🎉", "\u202e\u0085\x7f", "\xff\xc3(", `\x1b`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := visible(text)
		for _, r := range line {
			require.True(t, strconv.IsGraphic(r), "%q", line)
		}
		require.True(t, utf8.ValidString(line))
		require.Equal(t, line, visible(line), "what is visible stays")
	})
}

// FuzzTyped: every line that is not empty is a message, in order, with nothing added, and UTF-8.
func FuzzTyped(f *testing.F) {
	for _, text := range []string{"one\ntwo\n", "no newline", "\r\n\n  blanks \r\n", "caf\xe9\x00\n", "\r\r\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want []string
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSuffix(line, "\r"); line != "" {
				want = append(want, strings.ToValidUTF8(line, "\uFFFD"))
			}
		}
		var got []string
		for line := range typed(t.Context(), strings.NewReader(text)) {
			got = append(got, line)
		}
		require.Equal(t, want, got)
	})
}

// FuzzURL: a URL that is not refused at once leads to one attempt at one host and port.
func FuzzURL(f *testing.F) {
	for _, url := range []string{"ws://127.0.0.1:8080", "wss://[::1]/a?b=c", "ws://host", "http://x", "ws://a b", "ws://%zz", "ws://x:0", "WS://x#y"} {
		f.Add(url)
	}
	dialed := errors.New("dialed")
	f.Fuzz(func(t *testing.T, url string) {
		if checkURL(url) != nil {
			return
		}
		var host, port string
		ws := websocket.Dialer{NetDialContext: func(_ context.Context, _, addr string) (net.Conn, error) {
			var err error
			host, port, err = net.SplitHostPort(addr)
			require.NoError(t, err)
			return nil, dialed
		}}
		_, _, err := ws.Dial(url, nil)
		require.ErrorIs(t, err, dialed)
		require.NotEmpty(t, host)
		n, err := strconv.Atoi(port)
		require.NoError(t, err)
		require.True(t, 0 < n && n < 1<<16, port)
	})
}

// FuzzServer is a server that has shaken hands and sends anything. The client says nothing that is wrong, prints whole and
// harmless lines, and ends with one more of them.
func FuzzServer(f *testing.F) {
	for i, c := range conformance.Cases() {
		if bytes := c.Bytes(false); i%5 == 0 && len(bytes) < 1<<10 {
			f.Add(bytes)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(f, err)
	defer listener.Close()
	f.Fuzz(func(t *testing.T, bytes []byte) {
		p := start(t, "-url", "ws://"+listener.Addr().String(), "-name", "x", "-max-message", "4096")
		conn, err := conformance.Accept(listener)
		require.NoError(t, err)
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		heard := conn.PlayBytes(bytes)
		require.NoError(t, heard.Err)
		for line := range p.stdout {
			require.True(t, strings.HasPrefix(line, "x's Computer - From server: "), "%q", line)
			require.Equal(t, line, visible(line))
		}
		said := receive(t, p.stderr)
		require.Equal(t, said, visible(said))
		if said == "the server closed the chat" {
			p.ends(0)
		} else {
			require.Regexp(t, "^client: lost the server: .", said)
			p.ends(1)
		}
		require.Empty(t, receive(t, p.stderr))
	})
}
