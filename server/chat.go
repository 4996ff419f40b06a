package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync"

	"broadcastlab/server/broadcast"

	"github.com/gorilla/websocket"
)

// A chat is who is connected, and what they say.
type chat struct {
	config
	said     broadcast.Log // frames, ready to be sent to every member
	journal  broadcast.Log // log lines, on the same kind of channel: a slow terminal never holds up the chat
	errors   *log.Logger
	upgrader websocket.Upgrader

	mu      sync.Mutex // guards members and closing
	members map[*conn]bool
	closing bool           // nobody new gets in
	gone    sync.WaitGroup // counts the members; done when the last has left
}

func newChat(cfg config, stderr io.Writer) *chat {
	return &chat{
		config:  cfg,
		said:    broadcast.Log{Keep: cfg.keep},
		errors:  log.New(stderr, "", 0),
		members: make(map[*conn]bool),
		upgrader: websocket.Upgrader{
			ReadBufferSize:  512,            // small: a client has it for as long as it stays
			WriteBufferPool: new(sync.Pool), // no buffer at all: the frames are made here, not by gorilla
			Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
				w.Header().Set("Sec-WebSocket-Version", "13") // what would have been understood (RFC 6455 4.2.2)
				http.Error(w, reason.Error(), status)
			},
		},
	}
}

// serve lets clients in until ctx is done, then ends the chat in good order.
func (c *chat) serve(ctx context.Context, listener net.Listener, stdout io.Writer) error {
	lines, printed := c.journal.Reader(), make(chan struct{})
	go func() { defer close(printed); printLines(stdout, lines) }()
	server := &http.Server{
		Handler:        c,
		ReadTimeout:    c.handshakeWait, // both end with the upgrade: a client may be silent for as long as it likes
		WriteTimeout:   c.handshakeWait,
		MaxHeaderBytes: 16 << 10, // plenty for a handshake, and little for a stranger to make the server hold
		ErrorLog:       c.errors,
	}
	context.AfterFunc(ctx, func() { server.Close() })
	err := server.Serve(listener)
	server.Close()

	deadline, cancel := context.WithTimeout(context.Background(), c.drain)
	defer cancel()
	c.shutdown(deadline)
	c.journal.Close()
	select {
	case <-printed:
	case <-deadline.Done(): // standard output is stuck, and only the program's end frees a goroutine from that
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// shutdown gives every client what was said and a Close 1001, and returns when all have left.
// Whoever has not when ctx is done is cut off.
func (c *chat) shutdown(ctx context.Context) {
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	c.said.Close()
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		for m := range c.members {
			m.Close()
		}
	})
	defer stop()
	c.gone.Wait()
}

// ServeHTTP makes a client of whoever asks for it as RFC 6455 4.2 has it. Upgrade itself answers all others.
func (c *chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := newConn(c, r.RemoteAddr)
	ws, err := c.upgrader.Upgrade(takeover{w, m}, r, nil)
	if err != nil {
		return
	}
	ws.SetReadLimit(c.maxMessage)
	m.ws = ws
	if !c.join(m) {
		m.Close()
	}
}

// join lets m in, unless the chat is about to end.
func (c *chat) join(m *conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return false
	}
	c.members[m] = true
	//lab:5 begin  Say whose computer this is: c.name, which -name sets. Give it a default of your own, the same in the client.
	c.note("New connection from %s's Computer: %s", c.name, m.addr)
	//lab:5 starter
	//	c.note("New connection from %s", m.addr)
	//lab:5 end
	c.gone.Go(m.serve)
	return true
}

// leave is join's end, when nothing of m runs any more.
func (c *chat) leave(m *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.members, m)
}

// say sends a message to everyone. A text is tagged with who said it and quoted, so that no text can look like another's
// tag; without -tag, and if it is binary, it goes out as it came.
func (c *chat) say(m *conn, kind int, text []byte) {
	message, quoted := string(text), strconv.Quote(string(text))
	//lab:4 begin  Nobody can see who is speaking. Put the sender's address before the text.
	if c.tag && kind == websocket.TextMessage {
		message = m.addr + ": " + quoted
	}
	//lab:4 end
	//lab:1 begin  An echo goes back to the one who spoke. In a chat everyone hears it, the sender included.
	if !c.said.Publish(frame(kind, message)) {
		return // the chat has ended
	}
	//lab:1 starter
	//	m.Write(frame(kind, message))
	//lab:1 end
	c.note("From client %s %s", m.addr, quoted)
}

// note writes a line of the log.
func (c *chat) note(format string, args ...any) {
	if !c.quiet {
		c.journal.Publish(fmt.Appendf(nil, format+"\n", args...))
	}
}

// printLines writes what lines has until its log is closed.
func printLines(w io.Writer, lines *broadcast.Reader) {
	for {
		span, err := lines.Next(context.Background())
		if err == io.EOF {
			return
		}
		if err != nil { // lagged
			span = fmt.Appendln(nil, err)
		}
		w.Write(span)
	}
}
