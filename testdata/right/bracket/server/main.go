// Command server is a right server in its own words: it tags with brackets, does not greet, and has a Chinese name.
//
// Passes: required of 1, 2, 3, 4, 5, 6, 11
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"

	"github.com/gorilla/websocket"
)

type chat struct {
	upgrader websocket.Upgrader
	mu       sync.Mutex
	queues   []chan<- *websocket.PreparedMessage
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("listening on %s\n", ln.Addr())
	http.Serve(ln, &chat{})
}

func (c *chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := c.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	fmt.Printf("New connection from 李雷's Computer:%s\n", r.RemoteAddr)
	queue := make(chan *websocket.PreparedMessage, 64)
	c.mu.Lock()
	c.queues = append(c.queues, queue)
	c.mu.Unlock()
	var writing sync.WaitGroup
	writing.Go(func() {
		for message := range queue {
			conn.WritePreparedMessage(message)
		}
	})
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			break
		}
		fmt.Printf("[%s] %s\n", r.RemoteAddr, text)
		c.send(fmt.Sprintf("[%s] %s", r.RemoteAddr, text))
	}
	c.mu.Lock()
	c.queues = slices.DeleteFunc(c.queues, func(q chan<- *websocket.PreparedMessage) bool { return q == queue })
	c.mu.Unlock()
	close(queue)
	writing.Wait()
}

// send waits for the slowest.
func (c *chat) send(text string) {
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, []byte(text))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, queue := range c.queues {
		queue <- message
	}
}
