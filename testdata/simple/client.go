package simple

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"net"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	handshakeWait = 10 * time.Second
	closeWait     = time.Second
)

// A Client is a chat client.
type Client struct {
	URL      string        // where it connects to without -url; empty: ws://127.0.0.1:8080
	Name     string        // in the lines it prints; empty: Simple
	Attempts int           // to connect; 0: 3
	Backoff  time.Duration // after the first failure, doubled after each; 0: 400 ms
	Opcode   byte          // of its messages; 0: Text
	Unmasked bool          // frames are sent without a mask

	// Dial opens the TCP connection; nil: (*Client).Retry.
	Dial func(c *Client, addr string) (net.Conn, error)
	// Accept is what the server has to answer to a Sec-WebSocket-Key; an empty string is anything; nil: AcceptKey.
	Accept func(key string) string
	// Lines takes the input apart; nil: Lines.
	Lines func(r io.Reader) iter.Seq[string]
	// Line is what is printed for a message; nil: NAME's Computer - From server: TEXT.
	Line func(text string) string
	// Chat talks until Heard or Typed is closed; nil: (*Session).Chat.
	Chat func(s *Session)
}

// A Session is a client that is connected.
type Session struct {
	Typed <-chan string // closed at the end of the input
	Heard <-chan string // closed when the server is gone
	Send  func(text string)
	Print func(text string)
}

// Chat sends what is typed and prints what is heard, whichever comes first.
func (s *Session) Chat() {
	for {
		select {
		case text, ok := <-s.Typed:
			if !ok {
				return
			}
			s.Send(text)
		case text, ok := <-s.Heard:
			if !ok {
				return
			}
			s.Print(text)
		}
	}
}

// Main is the whole program.
func (c Client) Main() {
	c.fill()
	flags := flag.NewFlagSet("client", flag.ExitOnError)
	flags.StringVar(&c.URL, "url", c.URL, "connect to `ws://HOST:PORT`")
	flags.StringVar(&c.Name, "name", c.Name, "name in the lines that are printed")
	flags.Parse(os.Args[1:])
	u, err := checkURL(c.URL)
	if flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "client:", err)
		os.Exit(2)
	}
	if err := c.run(u); err != nil {
		fmt.Fprintln(os.Stderr, "client:", err)
		os.Exit(1)
	}
}

// fill puts the right behaviour where no mistake was asked for.
func (c *Client) fill() {
	setZeroFields(c, Client{
		URL:      "ws://127.0.0.1:8080",
		Name:     "Simple",
		Attempts: 3,
		Backoff:  400 * time.Millisecond,
		Opcode:   Text,
		Dial:     (*Client).Retry,
		Accept:   AcceptKey,
		Lines:    Lines,
		Line:     func(text string) string { return c.Name + "'s Computer - From server: " + text },
		Chat:     (*Session).Chat,
	})
}

// connect opens the connection and shakes hands, in a bounded time.
func (c *Client) connect(u *url.URL) (*Conn, error) {
	tcp, err := c.Dial(c, u.Host)
	if err != nil {
		return nil, err
	}
	tcp.SetDeadline(time.Now().Add(handshakeWait))
	conn, err := ask(tcp, u, c.Accept)
	if err != nil {
		tcp.Close()
		return nil, err
	}
	tcp.SetDeadline(time.Time{})
	conn.mask = !c.Unmasked
	return conn, nil
}

// run returns nil when the input or the server has ended the chat as it should.
func (c *Client) run(u *url.URL) error {
	conn, err := c.connect(u)
	if err != nil {
		return err
	}
	defer conn.Close()
	typed, heard, lost := make(chan string), make(chan string), make(chan error, 1)
	go func() { // ends with the program: nothing can take a read of standard input back
		for text := range c.Lines(os.Stdin) {
			typed <- text
		}
		close(typed)
	}()
	go func() {
		lost <- hear(conn, heard)
		close(heard)
	}()
	session := &Session{
		Typed: typed,
		Heard: heard,
		Send:  func(text string) { conn.WriteFrame(c.Opcode, []byte(text)) },
		Print: func(text string) { fmt.Println(c.Line(text)) },
	}
	c.Chat(session)
	select {
	case err := <-lost:
		var closed *CloseError
		if errors.As(err, &closed) && closed.Code <= 1001 {
			fmt.Fprintln(os.Stderr, "the server has closed the chat")
			return nil
		}
		return fmt.Errorf("lost the server: %w", err)
	default: // the input has ended
	}
	conn.WriteClose(1000)
	conn.SetReadDeadline(time.Now().Add(closeWait))
	for text := range heard { // what comes before the server's Close
		session.Print(text)
	}
	return nil
}

// hear passes messages on until the connection ends, and says why it did.
func hear(conn *Conn, heard chan<- string) error {
	for {
		text, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		heard <- text
	}
}

// Lines are the lines of the input without their newlines, however long; empty ones are skipped.
func Lines(r io.Reader) iter.Seq[string] {
	return func(yield func(string) bool) {
		in := bufio.NewReader(r)
		for {
			line, err := in.ReadString('\n')
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			if line != "" && !yield(line) || err != nil {
				return
			}
		}
	}
}
