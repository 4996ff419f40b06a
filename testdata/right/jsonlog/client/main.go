// Command client is a right client that prints JSON, a line for each event.
//
// Passes: required of 1, 2, 3, 4, 5, 6, 11
package main

import (
	"bufio"
	"flag"
	"log/slog"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

func main() {
	url := flag.String("url", "ws://127.0.0.1:8080", "server to connect to")
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	conn, _, err := websocket.DefaultDialer.Dial(*url, nil)
	if err != nil {
		slog.Error("cannot connect", "url", *url, "error", err)
		os.Exit(1)
	}
	ended := make(chan struct{})
	go func() {
		in := bufio.NewScanner(os.Stdin)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			if err := conn.WriteMessage(websocket.TextMessage, in.Bytes()); err != nil {
				return
			}
		}
		close(ended)
		deadline := time.Now().Add(time.Second)
		conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), deadline)
		conn.SetReadDeadline(deadline)
	}()
	for {
		_, text, err := conn.ReadMessage()
		if err == nil {
			slog.Info("Jason's Computer - From server: " + string(text))
			continue
		}
		select {
		case <-ended:
			return
		default:
			slog.Error("lost the server", "error", err)
			os.Exit(1)
		}
	}
}
