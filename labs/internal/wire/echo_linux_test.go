package wire

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// echo is a WebSocket server on addr that sends every message back, and answers a Close.
func echo(t testing.TB, addr string) *httptest.Server {
	t.Helper()
	listener, err := net.Listen("tcp", addr)
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := new(websocket.Upgrader).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		for {
			kind, message, err := conn.ReadMessage()
			if err != nil {
				return
			}
			if conn.WriteMessage(kind, message) != nil {
				return
			}
		}
	}))
	server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	return server
}

func dial(t testing.TB, server *httptest.Server) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+server.Listener.Addr().String()+"/chat", nil)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

func exchange(t testing.TB, conn *websocket.Conn, message string) {
	t.Helper()
	require.NoError(t, conn.WriteMessage(websocket.TextMessage, []byte(message)))
	_, got, err := conn.ReadMessage()
	require.NoError(t, err)
	require.True(t, message == string(got), "another message came back")
}

func goodbye(t testing.TB, conn *websocket.Conn) {
	t.Helper()
	require.NoError(t, conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, "bye")))
	_, _, err := conn.ReadMessage()
	require.Error(t, err)
	require.NoError(t, conn.Close())
}

// crowd has many connections talk at once, each in its turn of say and hear.
func crowd(t testing.TB, server *httptest.Server, conns, messages int) {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(20) // the ring holds what they send while a busy machine keeps us from reading
	for i := range conns {
		group.Go(func() error {
			conn, _, err := websocket.DefaultDialer.Dial("ws://"+server.Listener.Addr().String(), nil)
			if err != nil {
				return err
			}
			defer conn.Close()
			for n := range messages {
				if err := conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, "%d.%d", i, n)); err != nil {
					return err
				}
				if _, _, err := conn.ReadMessage(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
}

func deadline(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func events(t testing.TB, c *Capture) []Event {
	t.Helper()
	require.NoError(t, c.Sync(deadline(t)))
	require.Zero(t, c.Lost())
	return c.Events()
}
