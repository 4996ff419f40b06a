// Command server is a right server whose log is dressed up: time stamps, colours, carriage returns. It is a hub: one
// goroutine owns the clients, and each client has a reader and a writer.
//
// Passes: required of 1, 2, 3, 4, 5, 6, 11
package main

import (
	"flag"
	"log"
	"net"
	"net/http"

	"github.com/gorilla/websocket"
)

const name = "O'Brien (C-3PO)"

type client struct {
	conn *websocket.Conn
	send chan string
}

type hub struct {
	register, unregister chan *client
	broadcast            chan string
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	log.SetPrefix("\r\x1b[K")
	log.SetFlags(log.LstdFlags | log.Lmicroseconds | log.Lshortfile)
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatalf("\x1b[31;1m%v\x1b[0m", err)
	}
	log.Printf("\x1b[32mlistening on \x1b[1m%v\x1b[0m\r", ln.Addr())
	h := &hub{make(chan *client), make(chan *client), make(chan string)}
	go h.run()
	log.Fatal(http.Serve(ln, h))
}

func (h *hub) run() {
	clients := map[*client]bool{}
	drop := func(c *client) {
		if clients[c] {
			delete(clients, c)
			close(c.send)
		}
	}
	for {
		select {
		case c := <-h.register:
			clients[c] = true
			c.send <- "Welcome to chat! Type a message"
		case c := <-h.unregister:
			drop(c)
		case text := <-h.broadcast:
			for c := range clients {
				select {
				case c.send <- text:
				default:
					drop(c)
				}
			}
		}
	}
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		log.Printf("\x1b[33m%v\x1b[0m", err)
		return
	}
	log.Printf("\x1b[36mNew connection from \x1b[1m%s\x1b[22m's Computer: \x1b[4m%s\x1b[0m\r", name, r.RemoteAddr)
	c := &client{conn, make(chan string, 256)}
	h.register <- c
	go c.write()
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			h.unregister <- c
			return
		}
		log.Printf("From client \x1b[4m%s\x1b[0m \x1b[33m%q\x1b[0m\r", r.RemoteAddr, text)
		h.broadcast <- r.RemoteAddr + " -> \"" + string(text) + "\""
	}
}

func (c *client) write() {
	defer c.conn.Close()
	for text := range c.send {
		if err := c.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			return
		}
	}
}
