// Command client does what the original exercise does before anything in it is changed.
//
// Passes: required of 1, 2; 3.2-3.5
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/gorilla/websocket"
)

func main() {
	conn, _, err := websocket.DefaultDialer.Dial("ws://127.0.0.1:2000", nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
	heard := make(chan string)
	go func() {
		defer close(heard)
		for {
			_, text, err := conn.ReadMessage()
			if err != nil {
				return
			}
			heard <- string(text)
		}
	}()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			lines <- in.Text()
		}
	}()
	for {
		select {
		case text, ok := <-heard:
			if !ok {
				heard = nil // like the original, it goes on until the next line is typed
				continue
			}
			fmt.Println("From server:", text)
		case line, ok := <-lines:
			if !ok {
				return
			}
			if err := conn.WriteMessage(websocket.TextMessage, []byte(line)); err != nil {
				fmt.Fprintln(os.Stderr, "Error:", err)
				os.Exit(1)
			}
		}
	}
}
