// Command client is a right client whose screen is dressed up: a prompt with no newline after it, colours, carriage
// returns, and time stamps on standard error.
//
// Passes: required of 1, 2, 3, 4, 5, 6, 11
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/gorilla/websocket"
)

const (
	name   = "O'Brien (C-3PO)"
	prompt = "\x1b[1;34m> \x1b[0m"
)

func main() {
	url := flag.String("url", "ws://127.0.0.1:8080", "server to connect to")
	flag.Parse()
	conn, _, err := websocket.DefaultDialer.Dial(*url, nil)
	if err != nil {
		log.Fatalf("\x1b[31;1merror:\x1b[0m %v", err)
	}
	log.Printf("connected as \x1b[1m%s\x1b[0m", conn.LocalAddr())
	fmt.Print(prompt)
	go hear(conn)
	for in := bufio.NewReader(os.Stdin); ; {
		line, err := in.ReadString('\n')
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			if err := conn.WriteMessage(websocket.TextMessage, []byte(line)); err != nil {
				log.Fatalf("\x1b[31;1merror:\x1b[0m %v", err)
			}
		}
		if err != nil {
			conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
			os.Exit(0)
		}
	}
}

func hear(conn *websocket.Conn) {
	for {
		_, text, err := conn.ReadMessage()
		if websocket.IsCloseError(err, websocket.CloseNormalClosure) {
			os.Exit(0)
		}
		if err != nil {
			log.Fatalf("\r\x1b[K\x1b[31;1mlost the server:\x1b[0m %v", err)
		}
		fmt.Printf("\r\x1b[K\x1b[35m%s's Computer\x1b[0m - From server: \x1b[32m%s\x1b[0m\r\n%s", name, text, prompt)
	}
}
