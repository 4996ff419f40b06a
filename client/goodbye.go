package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

// closeWait is for the last words: for the server to answer Close, or to take it before the connection ends.
const closeWait = time.Second

var errClosed = errors.New("the server closed the chat")

// why says in words how the server was lost, or errClosed if it took its leave.
func (c *chat) why(conn *websocket.Conn, err error) error {
	var timeout net.Error
	switch {
	case websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived):
		return errClosed
	case websocket.IsCloseError(err, websocket.CloseAbnormalClosure): // gorilla's name for an end without Close
		return fmt.Errorf("the connection has ended (%w)", io.ErrUnexpectedEOF)
	case websocket.IsCloseError(err, websocket.CloseServiceRestart): // gorilla has no words for these two
		return fmt.Errorf("it starts anew: %w", err)
	case websocket.IsCloseError(err, websocket.CloseTryAgainLater):
		return fmt.Errorf("it is too busy: %w", err)
	case errors.As(err, new(*websocket.CloseError)):
		return err
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("it has been silent for %v (%w)", pingsUnheard*c.ping, os.ErrDeadlineExceeded)
	case errors.Is(err, websocket.ErrReadLimit): // gorilla has sent Close, but not if the length overflowed
		return refuse(conn, websocket.CloseMessageTooBig, fmt.Sprintf("a message of more than %d bytes", c.maxMessage))
	}
	drain(conn) // gorilla has sent Close, unless the connection is broken
	return err
}

// refuse tells the server why it is not listened to any more.
func refuse(conn *websocket.Conn, code int, what string) error {
	message := websocket.FormatCloseMessage(code, "not expected: "+what)
	conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(closeWait))
	drain(conn)
	return fmt.Errorf("it sent %s", what)
}

// drain gives the server time to take the Close it was sent. If bytes of the server were left unread, the kernel would reset
// the connection, and the server might never see why (RFC 6455 7.1.1).
func drain(conn *websocket.Conn) {
	defer time.AfterFunc(closeWait, func() { conn.Close() }).Stop()
	io.Copy(io.Discard, conn.NetConn())
}

//lab:6 begin  At the end of its input the client stays until the server ends the chat. Say goodbye, wait a second for the answer, and return.

// leave says goodbye, after all that was typed, and hears what is said until the server has answered. The answer may be that
// it does not take the last line; if it goes without an answer, that is fine.
func (c *chat) leave(conn *websocket.Conn, gone <-chan error) error {
	c.lines = nil
	message := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(closeWait))
	err := lastWords(gone, nil)
	if errors.Is(err, errClosed) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, new(net.Error)) {
		return nil
	}
	return err
}

//lab:6 starter
//	func (c *chat) leave(_ *websocket.Conn, gone <-chan error) error { return <-gone }
//lab:6 end

//lab:1 begin

// lastWords returns why the server has gone, or otherwise if that does not turn out soon. Then nobody waits for the goroutine
// that listens: it ends with the connection, or with the program if standard output is stuck.
func lastWords(gone <-chan error, otherwise error) error {
	select {
	case err := <-gone:
		return err
	case <-time.After(closeWait):
		return otherwise
	}
}

//lab:1 end
