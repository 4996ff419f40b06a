// Command client is a right client on golang.org/x/net/websocket.
//
// Passes: required of 1, 2, 3, 4, 5
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"golang.org/x/net/websocket"
)

func main() {
	url := flag.String("url", "ws://127.0.0.1:8080", "server to connect to")
	flag.Parse()
	ws, err := websocket.Dial(*url, "", "http://localhost/")
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
	var leaving atomic.Bool
	go hear(ws, &leaving)
	for in := bufio.NewReader(os.Stdin); ; {
		line, err := in.ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			if err := websocket.Message.Send(ws, line); err != nil {
				fmt.Fprintln(os.Stderr, "Error:", err)
				os.Exit(1)
			}
		}
		if errors.Is(err, io.EOF) {
			leaving.Store(true)
			ws.Close()
			os.Exit(0)
		}
	}
}

func hear(ws *websocket.Conn, leaving *atomic.Bool) {
	for {
		var text string
		if err := websocket.Message.Receive(ws, &text); err != nil {
			if leaving.Load() {
				return
			}
			fmt.Fprintln(os.Stderr, "Error: lost the server:", err)
			os.Exit(1)
		}
		fmt.Printf("Net's Computer - From server: %s\n", text)
	}
}
