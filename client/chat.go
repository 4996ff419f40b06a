package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gorilla/websocket"
)

const writeWait = 5 * time.Second // for one message

var errClosed = errors.New("the server closed the chat")

// A chat hears and types at the same time. One goroutine hears: it alone reads from the connection and writes to stdout,
// and since it always reads, pings are answered. One reads stdin. The one that called talk alone writes messages.
type chat struct {
	name          string
	stdin         io.Reader
	stdout        io.Writer
	before, after string // of each printed line: on a terminal it takes the place of the prompt, which comes again below it
}

// talk returns nil at the end of the input or of ctx, or an error when the server has gone.
func (c *chat) talk(ctx context.Context, conn *websocket.Conn) error {
	defer conn.Close()
	if isTerminal(c.stdin) && isTerminal(c.stdout) {
		c.before, c.after = "\r", "> "
	}
	fmt.Fprint(c.stdout, c.after)

	// Nobody waits for this goroutine: a read of standard input cannot be called off. It ends with the input and, if
	// that goes on after the chat, with the program.
	lines := make(chan string)
	go readLines(c.stdin, lines)

	//lab:1 begin  Here hearing and typing take turns. In a chat others speak at any time: hear and type at the same time.
	gone := make(chan error, 1)
	go func() { gone <- c.listen(conn) }()
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
			if err := send(conn, line); err != nil {
				conn.SetReadDeadline(time.Now().Add(closeWait)) // the server may have said why
				return <-gone
			}
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
	//		case line, ok := <-lines:
	//			if !ok {
	//				return nil
	//			}
	//			if err := send(conn, line); err != nil {
	//				return err
	//			}
	//		}
	//	}
	//lab:1 end
}

//lab:1 begin

const closeWait = time.Second // for the server to answer Close

// listen hears until no more can come, and returns why.
func (c *chat) listen(conn *websocket.Conn) error {
	for {
		if err := c.hear(conn); err != nil {
			return err
		}
	}
}

// leave says goodbye, after all that was typed, and hears what is said until the server has answered.
func leave(conn *websocket.Conn, gone <-chan error) error {
	until := time.Now().Add(closeWait)
	conn.SetReadDeadline(until) // ends listen, whatever the server does
	conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), until)
	<-gone
	return nil
}

//lab:1 end

// hear waits for the next message and prints it.
func (c *chat) hear(conn *websocket.Conn) error {
	_, text, err := conn.ReadMessage()
	if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
		return errClosed
	}
	if err != nil {
		return err
	}
	//lab:5 begin  Say whose computer this is: c.name, which -name sets. Give it a default of your own, the same in the server.
	line := c.name + "'s Computer - From server: " + visible(string(text))
	//lab:5 starter
	//	line := "From server: " + visible(string(text))
	//lab:5 end
	fmt.Fprintf(c.stdout, "%s%s\n%s", c.before, line, c.after)
	return nil
}

// send says line to the server.
func send(conn *websocket.Conn, line string) error {
	conn.SetWriteDeadline(time.Now().Add(writeWait))
	return conn.WriteMessage(websocket.TextMessage, []byte(line))
}
