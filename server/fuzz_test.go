package main

import (
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadcastlab/testdata/conformance"

	"github.com/stretchr/testify/require"
)

// FuzzClient is a client that has shaken hands and sends anything. The server answers with frames that are right, tells
// everyone nothing but tagged and quoted texts, and serves the others as if nothing were.
func FuzzClient(f *testing.F) {
	for i, c := range conformance.Cases() {
		if bytes := c.Bytes(true); i%5 == 0 && len(bytes) < 1<<10 {
			f.Add(bytes)
		}
	}
	p := start(f, "-quiet", "-welcome=", "-max-message", "4096")
	f.Fuzz(func(t *testing.T, bytes []byte) {
		conn, err := conformance.Dial(p.addr)
		require.NoError(t, err)
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		addr := conn.LocalAddr().String()
		heard := conn.PlayBytes(bytes)
		require.NoError(t, heard.Err)
		for _, m := range heard.All {
			if m.Opcode != conformance.Pong {
				require.Equal(t, conformance.Text, m.Opcode)
				quoted, tagged := strings.CutPrefix(m.Payload, addr+": ")
				require.True(t, tagged, "%q", m.Payload)
				text, err := strconv.Unquote(quoted)
				require.NoError(t, err)
				require.Equal(t, quoted, strconv.Quote(text))
			}
		}
		require.Empty(t, p.stderr.String())
	})
}

// FuzzStranger sends anything instead of a handshake. The server lets go of it, and complains of nothing.
func FuzzStranger(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
	f.Add([]byte("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x80\x00\x00\x00\x00"))
	f.Add([]byte("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"))
	f.Add([]byte("\x16\x03\x01\x02\x00\x01"))
	p := start(f, "-quiet", "-handshake-wait", "1s")
	f.Fuzz(func(t *testing.T, bytes []byte) {
		conn, err := net.Dial("tcp", p.addr)
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		conn.Write(bytes) // it fails if the server has had enough
		conn.(*net.TCPConn).CloseWrite()
		_, err = io.Copy(io.Discard, conn)
		if timeout, ok := err.(net.Error); ok {
			require.False(t, timeout.Timeout(), "it still has the connection")
		}
		require.NotContains(t, p.stderr.String(), "panic")
	})
}
