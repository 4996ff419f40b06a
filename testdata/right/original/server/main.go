// Command server does what the original exercise does before anything in it is changed. Its channel for each client
// holds 16 messages, and a client that lags behind more is dropped.
//
// Passes: required of 1, 2; 3.2-3.5
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

const lag = 16

type channel struct {
	mu        sync.Mutex // guards receivers
	receivers map[*receiver]bool
}

type receiver struct {
	texts chan string
	conn  *websocket.Conn
}

func main() {
	ln, err := net.Listen("tcp", "127.0.0.1:2000")
	if err != nil {
		log.Fatal("Error: ", err)
	}
	fmt.Println("listening on port 2000")
	bcast := &channel{receivers: map[*receiver]bool{}}
	server := http.Server{
		Handler: bcast,
		ConnState: func(conn net.Conn, state http.ConnState) {
			if state == http.StateNew {
				fmt.Println("New connection from", conn.RemoteAddr())
			}
		},
	}
	log.Fatal(server.Serve(ln))
}

func (ch *channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	rx := &receiver{make(chan string, lag), conn}
	rx.texts <- "Welcome to chat! Type a message"
	ch.subscribe(rx)
	go rx.write()
	for {
		kind, text, err := conn.ReadMessage()
		if err != nil {
			break
		}
		if kind == websocket.TextMessage {
			fmt.Printf("From client %s %q\n", r.RemoteAddr, text)
			ch.send(string(text))
		}
	}
	ch.unsubscribe(rx)
}

func (ch *channel) subscribe(rx *receiver) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.receivers[rx] = true
}

// unsubscribe may come after send has already dropped the receiver.
func (ch *channel) unsubscribe(rx *receiver) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	if ch.receivers[rx] {
		delete(ch.receivers, rx)
		close(rx.texts)
	}
}

func (ch *channel) send(text string) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	for rx := range ch.receivers {
		select {
		case rx.texts <- text:
		default:
			delete(ch.receivers, rx)
			close(rx.texts)
		}
	}
}

// write ends the connection at its end, so that the reader ends too.
func (rx *receiver) write() {
	defer rx.conn.Close()
	for text := range rx.texts {
		if err := rx.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			return
		}
	}
}
