package main

import (
	"fmt"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxAnswer    = 64 << 10 // bytes of the answer to the handshake, TLS included
	pingsUnheard = 3        // so many, and the server counts as lost
)

// A link is the connection below WebSocket. It bounds how much the server says before there is a WebSocket, and how long it
// is silent afterwards.
type link struct {
	net.Conn
	stop     func() bool   // lets the end of the chat no longer end the handshake
	answered int           // bytes so far
	open     bool          // the handshake is done
	silence  time.Duration // how long nothing may come when it is; zero: for ever
}

func (l *link) Read(b []byte) (int, error) {
	if !l.open {
		if l.answered == maxAnswer {
			return 0, fmt.Errorf("its answer is longer than %d bytes", maxAnswer)
		}
		n, err := l.Conn.Read(b[:min(len(b), maxAnswer-l.answered)])
		l.answered += n
		return n, err
	}
	if l.silence > 0 { // any byte is a sign of life: a long message may take its time
		l.SetReadDeadline(time.Now().Add(l.silence))
	}
	return l.Conn.Read(b)
}

// ask asks the server at intervals whether it is there, until stop. The link sees the answers. Zero never asks.
func ask(conn *websocket.Conn, every time.Duration) (stop func()) {
	if every == 0 {
		return func() {}
	}
	clock, done, asked := time.NewTicker(every), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(asked)
		for {
			select {
			case <-clock.C:
				conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) // who reads learns of a failure
			case <-done:
				return
			}
		}
	}()
	return func() { clock.Stop(); close(done); <-asked }
}
