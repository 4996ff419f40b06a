package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gorilla/websocket"
)

const (
	writeWait = 5 * time.Second // for one message
	closeWait = time.Second     // for the server to answer Close
)

var errClosed = errors.New("the server closed the chat")

// A chat hears and types at the same time. One goroutine hears: it alone reads from the connection and writes to stdout,
// and since it always reads, pings are answered. One reads stdin. The one that called talk alone writes messages.
type chat struct {
	name   string
	stdin  io.Reader
	stdout io.Writer
}

// talk returns nil at the end of the input or of ctx, or an error when the server has gone.
func (c *chat) talk(ctx context.Context, conn *websocket.Conn) error {
	defer conn.Close()
	gone := make(chan error, 1)
	go func() { gone <- c.hear(conn) }()

	// Nobody waits for this goroutine: a read of standard input cannot be called off. It ends with the input and, if
	// that goes on after the chat, with the program.
	lines := make(chan string)
	go readLines(c.stdin, lines)

	for {
		select {
		case err := <-gone:
			return err
		case <-ctx.Done():
			return leave(conn, gone)
		case line, ok := <-lines:
			if !ok {
				return leave(conn, gone)
			}
			conn.SetWriteDeadline(time.Now().Add(writeWait))
			if err := conn.WriteMessage(websocket.TextMessage, []byte(line)); err != nil {
				conn.SetReadDeadline(time.Now().Add(closeWait)) // the server may have said why
				return <-gone
			}
		}
	}
}

// hear prints every message as soon as it comes. It returns why no more can come.
func (c *chat) hear(conn *websocket.Conn) error {
	before, after := "", ""
	if isTerminal(c.stdin) && isTerminal(c.stdout) {
		before, after = "\r", "> " // a message takes the place of the prompt, which comes again below it
	}
	fmt.Fprint(c.stdout, after)
	for {
		_, text, err := conn.ReadMessage()
		if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
			return errClosed
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "%s%s's Computer - From server: %s\n%s", before, c.name, visible(string(text)), after)
	}
}

// leave says goodbye, after all that was typed, and hears what is said until the server has answered.
func leave(conn *websocket.Conn, gone <-chan error) error {
	until := time.Now().Add(closeWait)
	conn.SetReadDeadline(until) // ends hear, whatever the server does
	conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), until)
	<-gone
	return nil
}
