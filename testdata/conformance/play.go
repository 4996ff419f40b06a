package conformance

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Conn is one end of a connection, after the handshake.
type Conn struct {
	net.Conn
	r      *bufio.Reader
	client bool // it is the client's end
}

// Dial does the client's half of the handshake.
func Dial(addr string) (*Conn, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", addr)
	r := bufio.NewReader(conn)
	answer, err := http.ReadResponse(r, nil)
	if err == nil && answer.StatusCode != http.StatusSwitchingProtocols {
		err = fmt.Errorf("no upgrade: %s", answer.Status)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &Conn{conn, r, true}, nil
}

// Accept waits for a connection and does the server's half of the handshake.
func Accept(listener net.Listener, headers ...string) (*Conn, error) {
	conn, err := listener.Accept()
	if err != nil {
		return nil, err
	}
	return Upgrade(conn, headers...)
}

// Upgrade does the server's half of the handshake, with more headers, if need be, than the answer must have.
func Upgrade(conn net.Conn, headers ...string) (*Conn, error) {
	r := bufio.NewReader(conn)
	request, err := http.ReadRequest(r)
	if err != nil {
		conn.Close()
		return nil, err
	}
	sum := sha1.Sum([]byte(request.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\n%s\r\n", base64.StdEncoding.EncodeToString(sum[:]), strings.Join(append(headers, ""), "\r\n"))
	return &Conn{conn, r, false}, nil
}

// Heard is what came from the other end until it was silent for good.
type Heard struct {
	All  []Message
	Code int   // of its Close, NoCode if that had none, 0 if it sent no Close
	Err  error // what it must not send
}

// Play sends what c has. If that provokes no Close, it sends one itself, code 1000, when so many messages and pongs have
// come as were awaited. It returns when the other end has closed, or the connection's deadline is over.
func (conn *Conn) Play(c Case, awaited int) Heard {
	come := make(chan struct{}) // closed when all that was awaited has, and at the end
	var sending sync.WaitGroup
	sending.Go(func() { // it may fail: whoever has closed does not listen
		conn.send(c.Bytes(conn.client), c.Chop)
		<-come
		if c.Close == nil {
			conn.send(closing(1000, "").appendTo(nil, conn.client), c.Chop)
		}
	})
	heard := conn.hear(func(n int) {
		if n == awaited {
			close(come)
		}
	})
	if len(heard.All) < awaited {
		close(come)
	}
	conn.Close()
	sending.Wait()
	return heard
}

// PlayBytes sends bytes, whatever they mean, and ends its half of the connection. It returns when the other end has closed.
func (conn *Conn) PlayBytes(bytes []byte) Heard {
	var sending sync.WaitGroup
	sending.Go(func() {
		conn.send(bytes, 0)
		if tcp, ok := conn.Conn.(*net.TCPConn); ok {
			tcp.CloseWrite()
		}
	})
	heard := conn.hear(func(int) {})
	conn.Close()
	sending.Wait()
	return heard
}

// send writes chop bytes at a time.
func (conn *Conn) send(bytes []byte, chop int) {
	if chop == 0 {
		chop = len(bytes)
	}
	for err := error(nil); err == nil && len(bytes) > 0; {
		n := min(chop, len(bytes))
		_, err = conn.Write(bytes[:n])
		bytes = bytes[n:]
	}
}

// hear puts fragments together, and tells how many messages and pongs it has at first and after each.
func (conn *Conn) hear(has func(n int)) (h Heard) {
	has(0)
	var opcode byte // of the message that is not whole yet; zero: there is none
	var message []byte
	for h.Err == nil {
		f, err := readFrame(conn.r, !conn.client)
		switch {
		case err == io.EOF && opcode == 0, err != nil && h.Code != 0:
			return h
		case err != nil:
			h.Err = err
		case h.Code != 0:
			h.Err = fmt.Errorf("a frame after Close: opcode %#x %.40q", f.Opcode, f.Payload)
		case f.Opcode == Close:
			h.Code, h.Err = closeCode(f.Payload)
			opcode = 0
			if tcp, ok := conn.Conn.(*net.TCPConn); ok && !conn.client {
				tcp.CloseWrite() // it is for the server to end the connection (section 7.1.1)
			}
		case f.Opcode == Ping || f.Opcode == Pong:
			h.All = append(h.All, Message{f.Opcode, f.Payload})
			has(len(h.All))
		case (f.Opcode == Continuation) != (opcode != 0):
			h.Err = fmt.Errorf("opcode %#x out of turn", f.Opcode)
		default:
			opcode |= f.Opcode
			message = append(message, f.Payload...)
			if f.Fin {
				h.All = append(h.All, Message{opcode, string(message)})
				opcode, message = 0, nil
				has(len(h.All))
			}
		}
	}
	return h
}

// closeCode checks what a Close may hold (sections 5.5.1 and 7.4).
func closeCode(payload string) (int, error) {
	if len(payload) == 0 {
		return NoCode, nil
	}
	if len(payload) == 1 || !utf8.ValidString(payload[2:]) {
		return -1, fmt.Errorf("a Close that holds %q", payload)
	}
	code := int(binary.BigEndian.Uint16([]byte(payload)))
	if code < 1000 || code == NoCode || code == 1006 || code == 1015 {
		return code, fmt.Errorf("a Close with code %d", code)
	}
	return code, nil
}
