package main

import (
	"context"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

const writeWait = 5 * time.Second // for one message

// A chat hears and types at the same time. One goroutine hears: it alone reads from the connection and writes to stdout,
// and since it always reads, pings are answered. The one that called talk alone writes messages.
type chat struct {
	name          string
	maxMessage    int64         // bytes that the server may say at a time
	ping          time.Duration // how often the server is asked whether it is still there; zero: never
	lines         <-chan string // what is typed; closed at the end of the input, and nil when there is no more to say
	unsent        string        // the line that a lost server did not take; empty: there is none
	stdout        io.Writer
	before, after string // of each printed line: on a terminal it takes the place of the prompt, which comes again below it
}

// talk returns nil at the end of the input or of ctx, errClosed when the server has closed the chat, or why it is lost or
// has refused what was said last.
func (c *chat) talk(ctx context.Context, conn *websocket.Conn) error {
	defer ask(conn, c.ping)() // its end waits for a ping under way, and Close before it ends that
	defer conn.Close()
	conn.SetReadLimit(c.maxMessage)
	fmt.Fprint(c.stdout, c.after)

	//lab:1 begin  Here hearing and typing take turns. In a chat others speak at any time: hear and type at the same time.
	gone := make(chan error, 1)
	go func() { gone <- c.listen(conn) }()
	defer endAfter(ctx, conn)()
	for {
		switch err := c.sendUnsent(conn); {
		case err != nil && ctx.Err() != nil:
			return nil
		case err != nil:
			return lastWords(gone, err) // the server may have said why
		}
		select {
		case err := <-gone:
			return err
		case <-ctx.Done():
			return c.leave(conn, gone)
		case line, ok := <-c.lines:
			if !ok {
				return c.leave(conn, gone)
			}
			c.unsent = line
		}
	}
	//lab:1 starter
	//	for {
	//		if err := c.hear(conn); err != nil { // first the welcome, then the echo of each line
	//			return err
	//		}
	//		select {
	//		case <-ctx.Done():
	//			return nil
	//		case line, ok := <-c.lines:
	//			if !ok {
	//				return nil
	//			}
	//			c.unsent = line
	//			if err := c.sendUnsent(conn); err != nil {
	//				return err
	//			}
	//		}
	//	}
	//lab:1 end
}

//lab:1 begin

// listen hears until no more can come, and returns why.
func (c *chat) listen(conn *websocket.Conn) error {
	for {
		if err := c.hear(conn); err != nil {
			return err
		}
	}
}

// endAfter closes conn some time after ctx: the end is not held up by a server that takes no message.
func endAfter(ctx context.Context, conn *websocket.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() {
		time.AfterFunc(closeWait, func() { conn.Close() })
	})
}

//lab:1 end

// hear waits for the next message and prints it.
func (c *chat) hear(conn *websocket.Conn) error {
	kind, text, err := conn.ReadMessage()
	switch {
	case err != nil:
		return c.why(conn, err)
	case kind != websocket.TextMessage:
		return refuse(conn, websocket.CloseUnsupportedData, "a binary message")
	case !utf8.Valid(text): // RFC 6455 8.1
		return refuse(conn, websocket.CloseInvalidFramePayloadData, "a text that is not UTF-8")
	}
	//lab:5 begin  Say whose computer this is: c.name, which -name sets. Give it a default of your own, the same in the server.
	line := c.name + "'s Computer - From server: " + visible(string(text))
	//lab:5 starter
	//	line := "From server: " + visible(string(text))
	//lab:5 end
	fmt.Fprintf(c.stdout, "%s%s\n%s", c.before, line, c.after)
	return nil
}

// sendUnsent says to the server what was typed last, if it has not been said yet.
func (c *chat) sendUnsent(conn *websocket.Conn) error {
	if c.unsent == "" {
		return nil
	}
	conn.SetWriteDeadline(time.Now().Add(writeWait))
	if err := conn.WriteMessage(websocket.TextMessage, []byte(c.unsent)); err != nil {
		return fmt.Errorf("a message could not be sent: %w", err)
	}
	c.unsent = ""
	return nil
}
