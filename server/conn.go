package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"time"
	"unicode/utf8"

	"broadcastlab/server/broadcast"

	"github.com/gorilla/websocket"
)

// linger is how long a client that was sent Close may take to answer. Without that time the kernel, finding bytes that
// nobody read, would reset the connection, and the client might never see why (RFC 6455 7.1.1).
const linger = time.Second

// A conn is one client. One goroutine reads, one writes.
//
// gorilla reads from a conn as from any net.Conn. What it wants to write, the handshake's answer and control frames,
// goes to the writer by Write below. So nothing can fall inside a frame that is on its way, or change its deadline.
type conn struct {
	net.Conn // the TCP connection; nil until takeover.Hijack
	ws       *websocket.Conn
	chat     *chat
	addr     string
	cursor   *broadcast.Reader
	control  chan []byte   // from the reader, who closes it when it has read its last, to the writer
	written  chan struct{} // closed when the writer has written its last
}

// newConn puts a cursor where the chat is now. It comes before the answer to the handshake: once a client knows that
// it is in, it misses nothing.
func newConn(c *chat, addr string) *conn {
	return &conn{
		chat: c, addr: addr, cursor: c.said.Reader(),
		control: make(chan []byte, 1), // room for that answer, which is given before the writer runs
		written: make(chan struct{}),
	}
}

// serve is a client's life, from the handshake to the closed connection.
func (c *conn) serve() {
	defer c.chat.leave(c)
	defer c.Close()
	go c.write()
	err := c.read()
	c.chat.note("Connection closed: %s", c.addr)
	close(c.control)
	<-c.written
	if !errors.As(err, new(*websocket.CloseError)) { // it has not said Close: there may be more to come
		io.Copy(io.Discard, c.Conn) // until the client ends its half or the linger is over
	}
}

// read hands on what the client says, until it leaves or breaks the rules. The error is what gorilla met, if it met one.
func (c *conn) read() error {
	defer c.rescue()
	for {
		kind, text, err := c.ws.ReadMessage()
		switch {
		case err != nil: // gone; or not, and then gorilla has sent Close: an answer, 1002 or 1009
			return err
		case kind == websocket.BinaryMessage && !c.chat.binary:
			c.Write(closeFrame(websocket.CloseUnsupportedData, "text messages only"))
			return nil
		case kind == websocket.TextMessage && !utf8.Valid(text): // RFC 6455 8.1
			c.Write(closeFrame(websocket.CloseInvalidFramePayloadData, "text must be UTF-8"))
			return nil
		}
		c.chat.say(c, kind, text)
	}
}

// write sends the handshake's answer and the welcome, then spans of the chat and control frames as they come.
// Each goes out whole, by one system call if the kernel takes it.
func (c *conn) write() {
	defer close(c.written)
	defer c.hangUp()
	defer c.rescue()
	ok := c.send(<-c.control) && (c.chat.welcome == "" || c.send(textFrame(c.chat.welcome)))
	for ok {
		select {
		case control, more := <-c.control:
			ok = more && c.send(control) && control[0]&0xf != websocket.CloseMessage // nothing follows a Close (RFC 6455 5.5.1)
		case <-c.cursor.News():
			ok = c.sendNews()
		}
	}
}

// sendNews sends what the cursor has, and reports whether there may be more.
func (c *conn) sendNews() bool {
	span, err := c.cursor.Take()
	var lagged *broadcast.LaggedError
	switch {
	case errors.As(err, &lagged):
		span = textFrame(fmt.Sprintf("(%d messages missed)", lagged.Missed))
	case err == io.EOF:
		c.send(closeFrame(websocket.CloseGoingAway, "the chat has ended"))
		return false
	}
	return c.send(span)
}

// send writes b to the network. Only the writer may call it.
func (c *conn) send(b []byte) bool {
	c.Conn.SetWriteDeadline(time.Now().Add(c.chat.writeWait))
	_, err := c.Conn.Write(b)
	return err == nil
}

// hangUp ends the server's half of the connection, and gives the client's half linger to end.
func (c *conn) hangUp() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		tcp.CloseWrite()
	}
	c.Conn.SetReadDeadline(time.Now().Add(linger))
}

// rescue keeps a panic of one client's goroutine from ending the chat for all.
func (c *conn) rescue() {
	if p := recover(); p != nil {
		c.chat.errors.Printf("panic: client %s: %v\n%s", c.addr, p, debug.Stack())
	}
}

// Write hands b to the writer. Only the reader may call it, which waits while the writer is busy: a client that does not
// take the answers to its pings is not listened to either.
func (c *conn) Write(b []byte) (int, error) {
	select {
	case c.control <- bytes.Clone(b):
		return len(b), nil
	case <-c.written:
		return 0, net.ErrClosed
	}
}

// SetWriteDeadline does nothing: gorilla sets it for its control frames, while the writer may be amid another write.
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// A takeover puts a conn in place of the TCP connection when gorilla takes that over from net/http.
type takeover struct {
	http.ResponseWriter
	conn *conn
}

func (t takeover) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	tcp, buffered, err := http.NewResponseController(t.ResponseWriter).Hijack()
	t.conn.Conn = tcp
	return t.conn, buffered, err
}
