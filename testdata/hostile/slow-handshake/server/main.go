// Command server answers the handshake byte by byte, a millisecond between two. That is slow, and right.
//
// Passes: 1.1
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// A slowConn sends what it is first given byte by byte.
type slowConn struct {
	net.Conn
	once sync.Once
}

func (c *slowConn) Write(p []byte) (n int, err error) {
	c.once.Do(func() {
		for ; n < len(p) && err == nil; n++ {
			<-time.After(time.Millisecond)
			_, err = c.Conn.Write(p[n : n+1])
		}
	})
	if n > 0 || err != nil {
		return n, err
	}
	return c.Conn.Write(p)
}

type slowListener struct{ net.Listener }

func (l slowListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &slowConn{Conn: conn}, nil
}

// A room holds its lock while a message goes out, so that everyone hears the same order.
type room struct {
	mu      sync.Mutex
	clients []*websocket.Conn // those that left too: writing to them fails, and that is all
}

func (r *room) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	conn, err := new(websocket.Upgrader).Upgrade(w, req, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	r.mu.Lock()
	r.clients = append(r.clients, conn)
	r.mu.Unlock()
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			return
		}
		r.mu.Lock()
		for _, c := range r.clients {
			c.WriteMessage(websocket.TextMessage, text)
		}
		r.mu.Unlock()
	}
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on `HOST:PORT`")
	flag.Parse()
	l, err := net.Listen("tcp", *addr)
	if err == nil {
		err = http.Serve(slowListener{l}, &room{})
	}
	fmt.Fprintln(os.Stderr, "server:", err)
	os.Exit(1)
}
