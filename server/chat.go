package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"broadcastlab/server/broadcast"

	"github.com/gorilla/websocket"
)

// A chat is who is connected, and what they say.
type chat struct {
	config
	said     broadcast.Log // frames, ready to be sent to every member
	log      *journal      // for standard output
	faults   *journal      // for standard error
	errors   *log.Logger   // writes to faults, but not too often
	upgrader websocket.Upgrader
	stats    stats

	mu      sync.Mutex // guards members and closing
	members []*conn    // in the order of their coming; what is there is never changed, so whoever has the slice may read it
	closing bool       // nobody new gets in

	slots atomic.Int64   // the members, and those who shake hands; at most maxClients
	asked atomic.Int64   // how many have asked for a pass since the last one began; zero if none is under way
	ticks atomic.Int64   // the clock of keepAlive; starts with one
	gone  sync.WaitGroup // counts the members, and what runs on their behalf; done when the last has left
}

// newChat returns a chat that prints until serve ends.
func newChat(cfg config, stdout, stderr io.Writer) *chat {
	asJSON := cfg.log == "json"
	c := &chat{
		config:   cfg,
		log:      newJournal(stdout, asJSON),
		faults:   newJournal(stderr, asJSON),
		upgrader: newUpgrader(cfg.origins),
	}
	c.errors = log.New(&limiter{journal: c.faults}, "", 0)
	if asJSON {
		c.errors = slog.NewLogLogger(slog.NewJSONHandler(&limiter{journal: c.faults}, nil), slog.LevelError)
	}
	c.ticks.Store(1)
	//lab:7 begin  Who does not read must not fill the memory for everybody. Keep what -keep and -keep-for allow, and no more.
	c.said.Keep, c.said.KeepFor = cfg.keep, cfg.keepFor
	//lab:7 starter
	//	c.said.Keep = 1 << 30
	//lab:7 end
	return c
}

// serve lets clients in until ctx is done, then ends the chat in good order. So it does if it cannot go on, and logs why.
func (c *chat) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:        c,
		ReadTimeout:    c.handshakeWait, // both end with the upgrade: how long a client may be silent is keepAlive's business
		WriteTimeout:   c.handshakeWait,
		MaxHeaderBytes: c.maxHeader,
		ErrorLog:       c.errors,
	}
	context.AfterFunc(ctx, func() { server.Close() })
	//lab:8 begin  A network may go without a word, and the client that was there stays for ever. Ask it every now and then.
	alive, stop := context.WithCancel(ctx)
	if c.ping > 0 {
		c.gone.Go(func() { c.keepAlive(alive) })
	}
	//lab:8 end
	err := server.Serve(listener)
	server.Close()
	//lab:8 begin
	stop()
	//lab:8 end

	deadline, cancel := context.WithTimeout(context.Background(), c.drain)
	defer cancel()
	c.shutdown(deadline)
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	} else {
		c.faults.note("server: " + err.Error())
	}
	deadline, cancel = context.WithTimeout(context.Background(), printWait) // all of the other may be gone
	defer cancel()
	c.log.close(deadline)
	c.faults.close(deadline)
	return err
}

// shutdown gives every client what was said and a Close 1001, and returns when all have left.
// Whoever has not when ctx is done is cut off.
func (c *chat) shutdown(ctx context.Context) {
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	c.said.Close()
	c.flush()
	stop := context.AfterFunc(ctx, func() {
		for _, m := range c.present() {
			m.cut()
		}
	})
	defer stop()
	c.gone.Wait()
}

// join lets m in, unless the chat is about to end.
func (c *chat) join(m *conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return false
	}
	c.members = append(c.members, m)
	//lab:5 begin  Say whose computer this is: c.name, which -name sets. Give it a default of your own, the same in the client.
	c.note(m, "New connection from %s's Computer: %s", c.name, m.addr)
	//lab:5 starter
	//	c.note(m, "New connection from %s", m.addr)
	//lab:5 end
	m.heard.Store(c.ticks.Load())
	c.stats.joined.Add(1)
	c.gone.Go(m.serve)
	return true
}

// leave is join's end, when nothing of m runs any more.
func (c *chat) leave(m *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.Index(c.members, m)
	c.members = slices.Concat(c.members[:at], c.members[at+1:])
	c.slots.Add(-1)
}

// say sends a message to everyone. A text is tagged with who said it and quoted, so that no text can look like another's
// tag; without -tag, and if it is binary, it goes out as it came.
func (c *chat) say(m *conn, kind int, text []byte) {
	message, quoted := string(text), quote(text)
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
	c.stats.messages.Add(1)
	c.note(m, "From client %s %s", m.addr, quoted)
}

// quote is strconv.Quote, in a tenth of the time for the plain text that most messages are.
func quote(text []byte) string {
	for _, b := range text {
		if b < ' ' || b > '~' || b == '"' || b == '\\' {
			return strconv.Quote(string(text))
		}
	}
	return `"` + string(text) + `"`
}

// note writes a line about m to the log.
func (c *chat) note(m *conn, format string, args ...any) {
	if !c.quiet {
		c.log.note(fmt.Sprintf(format, args...), "client", m.addr)
	}
}

// rescue, when deferred, keeps a panic on behalf of one client from ending the chat for all. What is to be done then,
// nil for nothing, may panic too.
func (c *chat) rescue(m *conn, then func()) {
	if p := recover(); p != nil {
		c.errors.Printf("panic: client %s: %v\n%s", m.addr, p, debug.Stack())
		m.drop(&c.stats.panics)
		if then != nil {
			defer c.rescue(m, nil)
			then()
		}
	}
}
