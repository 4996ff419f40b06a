package harness

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
)

// This file knows how a connection begins: TCP, and the opening handshake (RFC 6455, section 4.1).

// newKey makes a Sec-WebSocket-Key (RFC 6455, section 4.1).
func newKey() string {
	var key [16]byte
	rand.Read(key[:])
	return base64.StdEncoding.EncodeToString(key[:])
}

// request is the client's half of the opening handshake (RFC 6455, section 4.1). No Origin: no browser is here.
func request(host, key string) string {
	return "GET / HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: " + key + "\r\nSec-WebSocket-Version: 13\r\n\r\n"
}

// dial opens a TCP connection to the judged server.
func dial(ctx context.Context, addr string) (net.Conn, error) {
	var d net.Dialer
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	return d.DialContext(ctx, "tcp", addr)
}

// readAnswer reads the answer to an opening handshake.
func readAnswer(r *bufio.Reader) (*http.Response, error) {
	return http.ReadResponse(r, &http.Request{Method: http.MethodGet})
}

// cause is the last word of a chain of network errors: "connection refused" and the like.
func cause(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		err = op.Err
	}
	return err.Error()
}
