package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

const (
	// linger is how long a client that was sent Close may take to answer. Without that time the kernel, finding bytes that
	// nobody read, would reset the connection, and the client might never see why (RFC 6455 7.1.1).
	linger = time.Second

	// readBuffer is small: a client has it for as long as it stays. gorilla takes none below 256.
	readBuffer = 272

	// maxUnsent is how much a client may say at a stretch before the others get it.
	maxUnsent = 64 << 10
)

// A conn is one client: a goroutine that reads what it says, and an outbox.
//
// gorilla reads from a conn as from any net.Conn. What it wants to write, the handshake's answer, pongs, and Close for who
// breaks the rules, goes to the outbox by Write below. So nothing can fall inside a frame that is on its way, or change its
// deadline.
type conn struct {
	net.Conn // the TCP connection, or the TLS connection over it; nil until takeover.Hijack
	ws       *websocket.Conn
	addr     string
	buffer   *bufio.Reader // between this connection and gorilla
	direct   *direct       // nil if there is only the pump
	chat     *chat
	out      outbox
	dropped  atomic.Bool // the server has let it go, and counted that
	unsent   int         // what this client has said and the others have not got yet: its bytes, and at least one a message

	heard atomic.Int64 // the chat's tick when the client was last heard
	began atomic.Int64 // the tick when it began the message that it is amid; zero if it is not
}

// serve is a client's life, from the handshake to the closed connection.
func (c *conn) serve() {
	defer c.chat.leave(c)
	defer c.chat.rescue(c, nil)
	defer c.Close()
	err := c.read()
	c.flush()
	c.chat.note(c, "Connection closed: %s", c.addr)
	c.out.finish()
	if !errors.As(err, new(*websocket.CloseError)) { // it has not said Close: there may be more to come
		io.Copy(io.Discard, c.Conn) // until the client ends its half or the linger is over
	}
}

// read lets the client in and hands on what it says, until it leaves or breaks the rules. The error is what gorilla met,
// if it met one.
func (c *conn) read() error {
	defer c.chat.rescue(c, func() { c.hangUp(websocket.CloseInternalServerErr, "") })
	c.out.start()
	for {
		// A client says nothing for most of its life. Waiting up here, not deep inside gorilla, takes half the stack, and
		// shows when a message begins.
		if _, err := c.buffer.Peek(2); err != nil {
			return err
		}
		if control, err := c.control(); err != nil {
			return err
		} else if control {
			continue
		}
		c.began.Store(c.chat.ticks.Load())
		kind, text, err := c.ws.ReadMessage()
		c.began.Store(0)
		switch {
		case errors.Is(err, websocket.ErrReadLimit): // gorilla has sent Close, but not if the length overflowed
			c.hangUp(websocket.CloseMessageTooBig, "")
			return err
		case err != nil: // gone; or not, and then gorilla has sent Close: an answer, or 1002
			return err
		case kind == websocket.BinaryMessage && !c.chat.binary:
			c.hangUp(websocket.CloseUnsupportedData, "text messages only")
			return nil
		case kind == websocket.TextMessage && !utf8.Valid(text): // RFC 6455 8.1
			c.hangUp(websocket.CloseInvalidFramePayloadData, "text must be UTF-8")
			return nil
		}
		c.chat.say(c, kind, text)
		if c.unsent += max(1, len(text)); c.unsent > maxUnsent {
			c.flush()
		}
	}
}

// control answers a ping, or takes note of a pong, that stands before the next message, and reports whether there was one.
// gorilla would do so too, and then wait for the message. What is against the rules is left to gorilla.
func (c *conn) control() (bool, error) {
	head, _ := c.buffer.Peek(2)
	const masked, longest = 0x80, 125 // RFC 6455 5.1, 5.5
	kind, n := head[0], int(head[1])-masked
	if kind != pingByte && kind != pongByte || n < 0 || n > longest {
		return false, nil
	}
	all, err := c.buffer.Peek(6 + n)
	if err == nil && kind == pingByte {
		err = c.out.add(frame(websocket.PongMessage, unmask(all[2:6], all[6:])))
	}
	c.buffer.Discard(len(all))
	return true, err
}

// hangUp sends Close to a client that has broken the rules, which is the last that it gets.
func (c *conn) hangUp(code int, reason string) { c.Write(closeFrame(code, reason)) }

// answer sends Close, with the client's own code, to one that has said Close (RFC 6455 5.5.1).
func (c *conn) answer(code int, _ string) error {
	c.flush() // the client hears what it has said itself
	c.out.close(closeFrame(code, ""))
	return nil
}

// flush brings what this client has said to everyone.
func (c *conn) flush() {
	if c.unsent > 0 {
		c.unsent = 0
		c.chat.flush()
	}
}

// Close closes the connection once nobody writes to its socket. Whoever calls it is not in the midst of c's own Read: it waits for that.
func (c *conn) Close() error {
	c.out.stop()
	return c.Conn.Close()
}

// cut ends the connection at once. As for Close, it may be called by anyone but in the midst of c's own Read.
func (c *conn) cut() {
	defer c.chat.rescue(c, nil)
	if tls, ok := c.Conn.(interface{ NetConn() net.Conn }); ok {
		tls.NetConn().Close() // not with a goodbye, for which the client might let us wait
		return
	}
	c.Close()
}

// Read brings what the client has said to everyone just before it waits for more: what came at once goes out at once.
func (c *conn) Read(b []byte) (n int, err error) {
	if c.direct != nil {
		n, err = c.direct.read(b)
	} else {
		c.flush() // it may have to wait: there is no way to know
		n, err = c.Conn.Read(b)
	}
	c.heard.Store(c.chat.ticks.Load())
	return n, err
}

// Write puts b into the outbox. It does not wait.
func (c *conn) Write(b []byte) (int, error) {
	if b[0] == closeByte {
		if bytes.HasSuffix(b, []byte("bad close code 1014")) { // it is registered (RFC 6455 11.7), but gorilla does not know it
			return len(b), c.answer(1014, "")
		}
		c.drop(&c.chat.stats.protocol)
		c.flush()
		c.out.close(b)
		return len(b), nil
	}
	if err := c.out.add(b); err != nil {
		return 0, err
	}
	return len(b), nil
}

// SetWriteDeadline does nothing: gorilla sets it for its control frames, while another write may be on its way.
func (c *conn) SetWriteDeadline(time.Time) error { return nil }
