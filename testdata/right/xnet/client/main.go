// Command client is a right client on golang.org/x/net/websocket.
//
// Passes: all required
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

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
	go hear(ws)
	for in := bufio.NewReader(os.Stdin); ; {
		line, err := in.ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			if err := websocket.Message.Send(ws, line); err != nil {
				fmt.Fprintln(os.Stderr, "Error:", err)
				os.Exit(1)
			}
		}
		if errors.Is(err, io.EOF) {
			ws.Close()
			os.Exit(0)
		}
	}
}

func hear(ws *websocket.Conn) {
	for {
		var text string
		if err := websocket.Message.Receive(ws, &text); err != nil {
			fmt.Fprintln(os.Stderr, "Error: lost the server:", err)
			os.Exit(1)
		}
		fmt.Printf("Net's Computer - From server: %s\n", text)
	}
}
