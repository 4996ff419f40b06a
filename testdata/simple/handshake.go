package simple

import (
	"bufio"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/textproto" // and not net/http: these programs are linked by the dozen, which that doubles
	"net/url"
	"strings"
)

// ErrNothing says that the other side left, or was let go, before it had sent a request.
var ErrNothing = errors.New("handshake: no request")

// AcceptKey is the answer to a Sec-WebSocket-Key (RFC 6455, section 4.2.2).
func AcceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// head reads the first line of a request or an answer, and its header.
func head(r *bufio.Reader) (first string, header textproto.MIMEHeader, err error) {
	text := textproto.NewReader(r)
	if first, err = text.ReadLine(); err == nil {
		header, err = text.ReadMIMEHeader()
	}
	if err != nil {
		err = fmt.Errorf("handshake: %w", err)
	}
	return first, header, err
}

// ErrForbidden says that a page of another origin asked (RFC 6455, section 10.2).
var ErrForbidden = errors.New("handshake: the page is of another origin")

// upgrade is the server's side of the handshake. The request may have maxHeader bytes.
func upgrade(conn net.Conn, maxHeader int64, allow func(origin, host string) bool, accept func(key string) string) (*Conn, error) {
	limited := &io.LimitedReader{R: conn, N: maxHeader}
	r := bufio.NewReader(limited)
	start, err := r.Peek(4) // so that bytes that are no HTTP are refused at once, and not after a line that never ends
	if err != nil {
		return nil, ErrNothing
	}
	if string(start) != "GET " {
		return nil, fmt.Errorf("handshake: %q is no GET", start)
	}
	_, header, err := head(r)
	if err != nil {
		return nil, err
	}
	key := header.Get("Sec-WebSocket-Key")
	if key == "" || !strings.EqualFold(header.Get("Upgrade"), "websocket") {
		return nil, errors.New("handshake: the request asks for no WebSocket")
	}
	if origin := header.Get("Origin"); origin != "" && !allow(origin, header.Get("Host")) {
		return nil, ErrForbidden
	}
	limited.N = math.MaxInt64
	_, err = fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\n\r\n", accept(key))
	return &Conn{Conn: conn, r: r}, err
}

// ask is the client's side of the handshake. An empty accept key is not compared.
func ask(conn net.Conn, u *url.URL, accept func(key string) string) (*Conn, error) {
	var nonce [16]byte
	rand.Read(nonce[:])
	key := base64.StdEncoding.EncodeToString(nonce[:])
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n", u.RequestURI(), u.Host, key)
	if err != nil {
		return nil, err
	}
	r := bufio.NewReader(conn)
	status, header, err := head(r)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(status, "HTTP/1.1 101 ") {
		return nil, fmt.Errorf("handshake: the server answered %s", status)
	}
	if want := accept(key); want != "" && header.Get("Sec-WebSocket-Accept") != want {
		return nil, errors.New("handshake: wrong Sec-WebSocket-Accept")
	}
	return &Conn{Conn: conn, r: r, mask: true}, nil
}
