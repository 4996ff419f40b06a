// Package simple is a small, right chat server and client without a WebSocket library. Their fields are the places where
// people make mistakes: a wrong program of testdata/wrong is one of these with one field set. All zero is all right.
package simple

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Greeting is the first message to a new client.
const Greeting = "Welcome to chat! Type a message"

// A Server is a chat server.
type Server struct {
	Addr   string // where it listens without -addr; empty: 127.0.0.1:8080
	Name   string // in its log lines; empty: Simple
	Opcode byte   // of its messages; 0: Text

	// Joined is the log line for a new client; nil: New connection from NAME's Computer: ADDR.
	Joined func(addr string) string
	// Said is the log line for a message; nil: From client ADDR "TEXT".
	Said func(addr, text string) string
	// Left is the log line for a client that has left; nil: Connection closed: ADDR.
	Left func(addr string) string
	// Greet says hello to a new client; clients are those who were there before; nil: Greeting, to the new one alone.
	Greet func(clients []*Conn, c *Conn)
	// Read reads a client's next message; nil: (*Conn).ReadMessage.
	Read func(c *Conn) (string, error)
	// Deliver sends a message out. Each client's goroutine calls it with that client's messages; nil: (*Room).Send.
	Deliver func(r *Room, m Message)
	// Leave does what is to be done when a client has left, and err is why; nil: takes it out of the room and closes its connection.
	Leave func(r *Room, c *Conn, err error)
	// Tag is what one client gets to read of another's text; nil: ADDR: "TEXT", quoted as Go does.
	Tag func(from, to *Conn, text string) string

	// Signals are those that end the chat in good order; nil: Interrupt and SIGTERM.
	Signals []os.Signal
	// Stop ends the chat, which no new client can enter any more; nil: says Close 1001 to all, and waits until they have left.
	Stop func(r *Room)
	// Listen opens the port; nil: net.Listen.
	Listen func(network, addr string) (net.Listener, error)

	// Forgive tells whether a client's mistake is overlooked that the Close of that code is for; nil: none is.
	Forgive func(code uint16) bool
	// Allow tells whether a page of that origin may connect to the server that the request calls host; nil: its own alone.
	Allow func(origin, host string) bool
	// MaxHeader is how many bytes a handshake may have; 0: 16 KiB.
	MaxHeader int64

	// Queue is how many bytes may wait for a client; 0: 4 MiB. Unqueued: whoever speaks writes to each client himself.
	Queue    int
	Unqueued bool
	// Slow does what is to be done when a client's queue is full; nil: (*Conn).Drop.
	Slow func(c *Conn)

	// Ping does what is to be done for a client in each interval of -ping; nil: pings it.
	Ping func(c *Conn)
	// Patience is how many intervals a client may be silent; 0: 3.
	Patience int
	// SignOfLife tells whether a frame shows that its client is there; nil: each does.
	SignOfLife func(f Frame) bool

	maxMessage int
	ping       time.Duration

	// Accept is the answer to a Sec-WebSocket-Key; nil: AcceptKey.
	Accept func(key string) string
	// Limit is how long may be read from a new connection, and then from a client; 0 has no end; nil: 3 s, then 0.
	Limit func(upgraded bool) time.Duration
	// Refuse ends a connection whose handshake failed, ErrNothing included; nil: answers 400 and closes it.
	Refuse func(conn net.Conn, err error)
	// ShakeInLoop: the next connection is accepted after this one's handshake. ServeInLoop: after its end.
	ShakeInLoop, ServeInLoop bool
}

// Main is the whole program.
func (s Server) Main() {
	s.fill()
	flags := flag.NewFlagSet("server", flag.ExitOnError)
	flags.StringVar(&s.Addr, "addr", s.Addr, "listen on `HOST:PORT`")
	flags.StringVar(&s.Name, "name", s.Name, "name in the log lines")
	flags.IntVar(&s.maxMessage, "max-message", 1<<20, "longest message, in `BYTES`")
	flags.DurationVar(&s.ping, "ping", 0, "how long a client may be silent before it is pinged; 0: for ever")
	flags.Parse(os.Args[1:])
	if flags.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "server: unexpected argument %q\n", flags.Arg(0))
		os.Exit(2)
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, s.Signals...) // first: whoever sees it listen may send one
	ln, err := s.Listen("tcp", s.Addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "server:", err) // names the address
		os.Exit(1)
	}
	fmt.Println("listening on", ln.Addr())
	room := &Room{opcode: s.Opcode, tag: s.Tag, slow: s.Slow, empty: make(chan struct{})}
	stopped := make(chan struct{})
	go s.stop(told, ln, room, stopped) // ends with the program
	err = s.serve(ln, room)
	if errors.Is(err, net.ErrClosed) {
		<-stopped
		return
	}
	fmt.Fprintln(os.Stderr, "server:", err)
	os.Exit(1)
}

// stop waits for a signal, and ends the chat.
func (s *Server) stop(told <-chan os.Signal, ln net.Listener, room *Room, stopped chan<- struct{}) {
	<-told
	ln.Close()
	s.Stop(room)
	close(stopped)
}

// fill puts the right behaviour where no mistake was asked for.
func (s *Server) fill() {
	setZeroFields(s, Server{
		Addr:    "127.0.0.1:8080",
		Name:    "Simple",
		Opcode:  Text,
		Joined:  func(addr string) string { return "New connection from " + s.Name + "'s Computer: " + addr },
		Said:    func(addr, text string) string { return "From client " + addr + " " + quote(text) },
		Left:    func(addr string) string { return "Connection closed: " + addr },
		Greet:   func(_ []*Conn, c *Conn) { c.WriteFrame(s.Opcode, []byte(Greeting)) },
		Read:    (*Conn).ReadMessage,
		Deliver: (*Room).Send,
		Leave:   func(r *Room, c *Conn, _ error) { r.Remove(c); c.Close() },
		Tag:     func(from, _ *Conn, text string) string { return from.Addr() + ": " + quote(text) },
		Signals: []os.Signal{os.Interrupt, syscall.SIGTERM},
		Stop:    func(r *Room) { r.Close(1001) },
		Listen:  net.Listen,
		Forgive: func(uint16) bool { return false },
		Allow:   func(origin, host string) bool { return origin == "http://"+host },
		Accept:  AcceptKey,

		MaxHeader: 16 << 10,
		Queue:     4 << 20,

		Ping:       func(c *Conn) { c.WriteFrame(Ping, nil) },
		Patience:   3,
		SignOfLife: func(Frame) bool { return true },

		Slow:   (*Conn).Drop,
		Limit:  limit,
		Refuse: refuse,
	})
}

// setZeroFields sets the fields that are zero to those of right.
func setZeroFields[T any](v *T, right T) {
	to, from := reflect.ValueOf(v).Elem(), reflect.ValueOf(right)
	for i := range to.NumField() {
		if to.Field(i).CanSet() && to.Field(i).IsZero() {
			to.Field(i).Set(from.Field(i))
		}
	}
}

// quote is strconv.Quote, and faster for the long plain texts of lab 7.
func quote(text string) string {
	special := func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }
	if strings.IndexFunc(text, special) < 0 {
		return `"` + text + `"`
	}
	return strconv.Quote(text)
}

func limit(upgraded bool) time.Duration {
	if upgraded {
		return 0
	}
	return 3 * time.Second
}

func refuse(conn net.Conn, err error) {
	status := "400 Bad Request"
	if errors.Is(err, ErrForbidden) {
		status = "403 Forbidden"
	}
	if !errors.Is(err, ErrNothing) {
		fmt.Fprintf(conn, "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status)
	}
	conn.Close()
}

// serve ends with the listener; the program's end ends its goroutines.
func (s *Server) serve(ln net.Listener, room *Room) error {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		switch {
		case s.ServeInLoop:
			s.chat(room, s.shake(conn))
		case s.ShakeInLoop:
			c := s.shake(conn)
			go s.chat(room, c)
		default:
			go func() { s.chat(room, s.shake(conn)) }()
		}
	}
}

// shake makes a client of a connection; nil if it could not.
func (s *Server) shake(conn net.Conn) *Conn {
	setLimit(conn, s.Limit(false))
	c, err := upgrade(conn, s.MaxHeader, s.Allow, s.Accept)
	if err != nil {
		s.Refuse(conn, err)
		return nil
	}
	setLimit(conn, s.Limit(true))
	c.rules = &rules{s.maxMessage, s.Forgive}
	return c
}

func setLimit(conn net.Conn, d time.Duration) {
	var at time.Time // zero: no limit
	if d > 0 {
		at = time.Now().Add(d)
	}
	conn.SetReadDeadline(at)
}

// chat listens to one client until it leaves.
func (s *Server) chat(room *Room, c *Conn) {
	if c == nil {
		return
	}
	fmt.Println(s.Joined(c.Addr()))
	if !s.Unqueued {
		c.out = newQueue(s.Queue)
		go c.drain()
		defer c.out.end(true)
	}
	left := make(chan struct{})
	defer close(left)
	s.keepAlive(c, left)
	if !room.join(c, s.Greet) {
		c.WriteClose(1001)
		c.Close()
		return
	}
	for {
		text, err := s.Read(c)
		if err != nil {
			fmt.Println(s.Left(c.Addr()))
			s.Leave(room, c, err)
			return
		}
		fmt.Println(s.Said(c.Addr(), text))
		s.Deliver(room, Message{c, text})
	}
}
