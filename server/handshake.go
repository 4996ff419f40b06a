package main

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gorilla/websocket"
)

var errOldHTTP = errors.New("websocket: HTTP 1.1 is the least (RFC 6455 4.1)")

// newUpgrader returns what answers a handshake as RFC 6455 4.2 has it.
func newUpgrader(origins []string) websocket.Upgrader {
	return websocket.Upgrader{
		WriteBufferPool: new(sync.Pool), // no buffer at all: the frames are made here, not by gorilla
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			w.Header().Set("Sec-WebSocket-Version", "13") // what would have been understood (RFC 6455 4.2.2)
			http.Error(w, reason.Error(), status)
		},
		CheckOrigin: func(r *http.Request) bool {
			origin := r.Header.Get("Origin") // a program that is no browser sends none
			page, err := url.Parse(origin)
			own := err == nil && strings.EqualFold(page.Host, r.Host)
			return origin == "" || own || slices.Contains(origins, "*") || slices.Contains(origins, origin)
		},
	}
}

// ServeHTTP makes a client of whoever asks for it. Upgrade itself answers all others.
func (c *chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !r.ProtoAtLeast(1, 1) {
		c.stats.handshake.Add(1)
		c.upgrader.Error(w, r, http.StatusBadRequest, errOldHTTP)
		return
	}
	if c.slots.Add(1) > int64(c.maxClients) {
		c.slots.Add(-1)
		c.stats.full.Add(1)
		http.Error(w, "the chat is full", http.StatusServiceUnavailable)
		return
	}
	m := &conn{chat: c, addr: r.RemoteAddr}
	// The cursor comes before the answer to the handshake: once a client knows that it is in, it misses nothing.
	m.out = outbox{client: m, cursor: *c.said.Reader()}
	joined := false
	defer func() {
		if joined {
			return
		}
		c.slots.Add(-1)
		if m.Conn != nil {
			m.Close()
		}
	}()
	ws, err := c.upgrader.Upgrade(takeover{w, m}, r, nil)
	if err != nil {
		m.drop(&c.stats.handshake)
		return
	}
	//lab:9 begin  A message may be as long as its sender likes. -max-message says how long: hold your clients to it.
	ws.SetReadLimit(c.maxMessage)
	//lab:9 end
	ws.SetCloseHandler(m.answer)
	m.ws = ws
	if c.welcome != "" {
		m.Write(textFrame(c.welcome))
	}
	joined = c.join(m)
}

// A takeover puts a conn in place of the TCP connection when gorilla takes that over from net/http.
type takeover struct {
	http.ResponseWriter
	conn *conn
}

func (t takeover) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c := t.conn
	system, buffered, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	c.take(system)
	c.buffer = bufio.NewReaderSize(c, readBuffer)
	if buffered.Reader.Buffered() == 0 { // else gorilla refuses: a client that is not in yet must be silent (RFC 6455 4.1)
		buffered.Reader = c.buffer
	}
	return c, buffered, nil
}

// take makes system the client's connection.
func (c *conn) take(system net.Conn) {
	c.Conn = system
	c.direct = newDirect(system, c.flush)
	if c.direct != nil && c.chat.writer == "direct" {
		c.out.direct = c.direct.write
	}
}
