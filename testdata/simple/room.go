package simple

import (
	"slices"
	"sync"
	"time"
)

// A Message is a text with the client that said it.
type Message struct {
	From *Conn
	Text string
}

// A Room is who is connected. Everyone hears the same messages in the same order, because one lock is held while a message goes into
// each client's queue.
type Room struct {
	mu      sync.Mutex
	clients []*Conn // in the order they came
	closed  bool
	empty   chan struct{} // closed when it is closed and all have left
	opcode  byte
	tag     func(from, to *Conn, text string) string
	slow    func(c *Conn) // called when a client's queue is full
}

// Send sends a message to all clients.
func (r *Room) Send(m Message) { r.SendTo(m, func(int, *Conn) bool { return true }) }

// SendTo sends a message to the clients that to picks by their place, the oldest first, or by who they are.
func (r *Room) SendTo(m Message, to func(i int, c *Conn) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, c := range r.clients {
		if to(i, c) && !c.send(Frame{Final: true, Opcode: r.opcode, Payload: []byte(r.tag(m.From, c, m.Text))}) {
			r.slow(c)
		}
	}
}

// join greets a client and lets it in, so that it hears the greeting first. Nobody gets into a room that is closed.
func (r *Room) join(c *Conn, greet func(clients []*Conn, c *Conn)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	greet(r.clients, c)
	r.clients = append(r.clients, c)
	return true
}

// Close says Close to all, and waits until they have left, for drainWait at most. It reports whether they have.
func (r *Room) Close(code uint16) bool {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		r.tellEmpty()
	}
	for _, c := range r.clients {
		c.bye(code)
	}
	r.mu.Unlock()
	select {
	case <-r.empty:
		return true
	case <-time.After(drainWait):
		return false
	}
}

const drainWait = time.Second

// tellEmpty closes empty when nobody is left in a closed room. It is called with the lock held.
func (r *Room) tellEmpty() {
	if r.closed && len(r.clients) == 0 {
		close(r.empty)
	}
}

// Remove takes a client out.
func (r *Room) Remove(c *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.clients)
	r.clients = slices.DeleteFunc(r.clients, func(other *Conn) bool { return other == c })
	if len(r.clients) < before {
		r.tellEmpty()
	}
}
