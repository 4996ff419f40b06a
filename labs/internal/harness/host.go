package harness

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

// A host is the kit's own server: it stands in for a student's, so that a client can be judged alone. It does not send
// on what it hears: it says what the script says, so that a client which prints its own typing is found out.
type host struct {
	c        *check
	name     string
	listener net.Listener
	serving  sync.WaitGroup
	conns    []*conn // guarded by the transcript's lock, as is closed
	closed   bool
}

func (c *check) open(name, addr string) (*host, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return nil, c.portTaken(addr)
		}
		return nil, machineError("listen on %s: %v", addr, cause(err))
	}
	h := &host{c: c, name: name, listener: listener}
	c.t.ear(name)
	c.t.note(labs.Event{Who: name, Kind: labs.Listens, Text: addr})
	h.serving.Go(h.accept)
	c.actors[name] = h
	return h, nil
}

func (h *host) accept() {
	for {
		tcp, err := h.listener.Accept()
		if err != nil {
			return // closed
		}
		h.serving.Go(func() { h.serve(tcp) })
	}
}

// serve answers the opening handshake (RFC 6455, section 4.2.2) and listens. A request that is none is refused, and
// told in the transcript.
func (h *host) serve(tcp net.Conn) {
	from := tcp.RemoteAddr().String()
	head := &io.LimitedReader{R: tcp, N: maxHead}
	k := &conn{c: h.c, ear: h.c.t.ear(h.name), net: tcp, r: bufio.NewReader(head), name: h.name, other: "client", from: from}
	h.add(k, false)
	req, err := http.ReadRequest(k.r)
	if err != nil {
		k.end("asked for nothing: " + cause(err))
		return
	}
	head.N = math.MaxInt64
	key := req.Header.Get("Sec-WebSocket-Key")
	if key == "" {
		tcp.Write([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno Sec-WebSocket-Key\n"))
		k.end("sent a request without Sec-WebSocket-Key: " + req.Method + " " + req.RequestURI)
		return
	}
	_, err = tcp.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + wire.AcceptKey(key) + "\r\n\r\n"))
	if err != nil {
		k.end(k.inWords(err))
		return
	}
	h.c.t.note(labs.Event{Who: "client", Kind: labs.Joined, To: h.name, Text: from})
	h.add(k, true)
	k.listen()
}

// add keeps a connection: as one to be closed at the end, and once it has shaken hands as one to speak to.
func (h *host) add(k *conn, ready bool) {
	h.c.t.mu.Lock()
	defer h.c.t.mu.Unlock()
	k.shaken = ready
	if !ready {
		h.conns = append(h.conns, k)
	}
	if h.closed {
		k.net.Close()
	}
	h.c.t.wake()
}

// talking are the connections that have shaken hands and go on. The transcript's lock is held.
func (h *host) talking() []*conn {
	var talking []*conn
	for _, k := range h.conns {
		if k.shaken && !k.gone {
			talking = append(talking, k)
		}
	}
	return talking
}

// absence says why there is no client that could be heard; empty while there is one. The transcript's lock is held.
func (h *host) absence() string {
	switch {
	case len(h.talking()) > 0:
		return ""
	case len(h.conns) == 0:
		return "no client has come"
	}
	last := h.conns[len(h.conns)-1]
	return "the client " + cmp.Or(last.left, "has not finished the opening handshake")
}

// over reports whether nothing more will come to an ear: its program or connection has ended or, for a host, all the
// judged clients have and their connections too. The transcript's lock is held.
func (c *check) over(e *ear) bool {
	h, ok := c.actors[e.name].(*host)
	if !ok {
		return e.ended != ""
	}
	clients := slices.DeleteFunc(slices.Clone(c.programs), func(p *program) bool { return p.role != "client" })
	running := slices.ContainsFunc(clients, func(p *program) bool { return p.ear.ended == "" })
	return len(clients) > 0 && !running && !slices.ContainsFunc(h.conns, func(k *conn) bool { return !k.gone })
}

// say sends one text message to every client, once there is one.
func (h *host) say(text string) error { return h.sayIn(text, 1, "") }

func (h *host) sayIn(text string, fragments int, ping string) error {
	var conns []*conn
	_, err := h.c.awaitHeard([]string{h.name}, 0, func() bool { conns = h.talking(); return len(conns) > 0 })
	if err != nil {
		return h.c.nobodyCame(h, err)
	}
	for _, k := range conns {
		k.text(text, fragments, ping) // a client that is gone is told by the wait that follows
	}
	return nil
}

func (h *host) hangup() error { return h.closeWith(1000) }

// closeWith says Close to every client.
func (h *host) closeWith(code int) error {
	h.c.t.mu.Lock()
	conns := h.talking()
	h.c.t.mu.Unlock()
	for _, k := range conns {
		k.bye(code)
	}
	return nil
}

func (h *host) close() {
	h.listener.Close()
	h.c.t.mu.Lock()
	conns := h.conns
	h.closed = true
	h.c.t.mu.Unlock()
	for _, k := range conns {
		k.close()
	}
	h.serving.Wait()
}
