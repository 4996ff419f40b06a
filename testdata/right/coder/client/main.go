// Command client is a right client on coder/websocket.
//
// Passes: required of 1, 2, 3, 4, 5, 6, 11
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/coder/websocket"
)

func main() {
	url := flag.String("url", "ws://127.0.0.1:8080", "server to connect to")
	flag.Parse()
	conn, err := connect(*url)
	if err != nil {
		log.Fatal(err)
	}
	conn.SetReadLimit(-1)

	ctx := context.Background()
	gone := make(chan error, 1)
	go func() {
		for {
			_, text, err := conn.Read(ctx)
			if err != nil {
				gone <- err
				return
			}
			fmt.Printf("Coder's Computer - From server: %s\n", text)
		}
	}()
	lines := make(chan string)
	go func() {
		defer close(lines)
		in := bufio.NewScanner(os.Stdin)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			lines <- in.Text()
		}
	}()
	for {
		select {
		case err := <-gone:
			log.Fatal(err)
		case line, ok := <-lines:
			if !ok {
				conn.Close(websocket.StatusNormalClosure, "")
				return
			}
			if err := conn.Write(ctx, websocket.MessageText, []byte(line)); err != nil {
				log.Fatal(err)
			}
		}
	}
}

// connect tries four times in a second and a half.
func connect(url string) (*websocket.Conn, error) {
	for n := 1; ; n++ {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		conn, _, err := websocket.Dial(ctx, url, nil)
		cancel()
		if err == nil || n == 4 {
			return conn, err
		}
		log.Printf("try %d: %v", n, err)
		<-time.After(500 * time.Millisecond)
	}
}
