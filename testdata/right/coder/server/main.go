// Command server is a right server on coder/websocket: a queue and a writer for each client.
//
// Passes: required of 1, 2, 3, 4, 5, 6, 11
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"

	"github.com/coder/websocket"
)

type room struct {
	mu      sync.Mutex
	clients map[chan string]bool
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", ln.Addr())
	log.Fatal(http.Serve(ln, &room{clients: map[chan string]bool{}}))
}

func (r *room) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	conn, err := websocket.Accept(w, req, nil)
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(1 << 20)
	fmt.Printf("New connection from Coder's Computer: %s\n", req.RemoteAddr)

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	queue := make(chan string, 256)
	queue <- "Welcome to chat! Type a message"
	r.join(queue)
	defer r.leave(queue)
	go func() {
		defer cancel()
		for {
			select {
			case text := <-queue:
				if conn.Write(ctx, websocket.MessageText, []byte(text)) != nil {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		kind, text, err := conn.Read(ctx)
		if err != nil || kind != websocket.MessageText {
			return
		}
		fmt.Printf("From client %s %q\n", req.RemoteAddr, text)
		r.publish(fmt.Sprintf("%s: %q", req.RemoteAddr, text))
	}
}

func (r *room) join(queue chan string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clients[queue] = true
}

func (r *room) leave(queue chan string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.clients, queue)
}

// publish leaves out a client whose queue is full.
func (r *room) publish(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for queue := range r.clients {
		select {
		case queue <- text:
		default:
		}
	}
}
