package main

import (
	"bufio"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadcastlab/testdata/conformance"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func TestAnswersThatAreNoRightUpgrade(t *testing.T) {
	const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	for answer, want := range map[string]string{
		upgrade + "Sec-WebSocket-Accept: c29tZXRoaW5nIGVsc2U=\r\n\r\n": `answered "101 Switching Protocols": no valid upgrade`,
		"HTTP/1.1 500 \x1b[2J\r\nContent-Length: 0\r\n\r\n":            `answered "500 \\x1b\[2J": no valid upgrade`,
		"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20):          "its answer is longer than 65536 bytes$",
		"\x16\x03\x01\x02\x00\r\n\r\n":                                 `malformed HTTP`,
		"":                                                             "EOF$",
	} {
		listener, url := listening(t)
		p := start(t, "-url", url)
		conn, err := listener.Accept()
		require.NoError(t, err)
		_, err = http.ReadRequest(bufio.NewReader(conn))
		require.NoError(t, err)
		io.WriteString(conn, answer)
		if answer == "" {
			conn.Close()
		}
		require.Regexp(t, "^client: connect to ws://[0-9.:]+: .*"+want, receive(t, p.stderr))
		p.complains("hint: is the server running, and on that port?")
		p.ends(1)
		conn.Close()
	}
}

func TestAnswersThatNobodyAskedFor(t *testing.T) {
	listener, url := listening(t)
	for _, header := range []string{
		"Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover",
		"Sec-WebSocket-Protocol: chat",
	} {
		p := start(t, "-url", url)
		conn, err := conformance.Accept(listener, header)
		require.NoError(t, err)
		defer conn.Close()
		p.complains("client: connect to " + url + ": the server answered with an extension or a protocol that nobody asked for")
		p.complains("hint: is the server running, and on that port?")
		p.ends(1)
	}
}

func TestInterruptEndsTheHandshake(t *testing.T) {
	listener, url := listening(t)
	p := start(t, "-url", url)
	conn, err := listener.Accept() // and says nothing
	require.NoError(t, err)
	defer conn.Close()
	_, err = http.ReadRequest(bufio.NewReader(conn))
	require.NoError(t, err)
	begin := time.Now()
	p.interrupt()
	p.ends(0)
	require.Less(t, time.Since(begin), 5*time.Second, "half of what the handshake may take")
	require.Empty(t, receive(t, p.stderr))
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := new(websocket.Upgrader).Upgrade(w, r, nil)
		if err == nil {
			echo(conn)
			conn.Close()
		}
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&block), 0o600))
	url := "wss" + strings.TrimPrefix(server.URL, "https")

	p := start(t, "-url", url, "-ca", ca)
	p.types("plum\n")
	p.prints("Reference's Computer - From server: plum")
	p.stdin.Close()
	p.ends(0)

	for _, wrong := range []struct{ url, complaint, hint string }{
		{url, ": certificate", "-ca FILE says whose certificates to believe"},
		{strings.Replace(url, "wss:", "ws:", 1), ": the server answered \"400 Bad Request\": it wants TLS$", "try wss:// instead of ws://"},
		{strings.Replace(serve(t, echo), "ws:", "wss:", 1), "handshake$", "the server speaks no TLS: try ws:// instead of wss://"},
	} {
		p = start(t, "-url", wrong.url)
		require.Regexp(t, "^client: connect to "+wrong.url+".*"+wrong.complaint, receive(t, p.stderr))
		p.complains("hint: " + wrong.hint)
		p.ends(1)
	}
}

func TestServerThatIsFull(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the chat is full", http.StatusServiceUnavailable)
	}))
	defer server.Close()
	url := "ws" + strings.TrimPrefix(server.URL, "http")
	p := start(t, "-url", url)
	p.complains("client: connect to " + url + ": the server answered \"503 Service Unavailable\": it is full")
	p.complains("hint: try again later, or start the server with a larger -max-clients")
	p.ends(1)
}
