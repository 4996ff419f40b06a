package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

const patience = time.Minute

// A program is run in a goroutine, with a test at its keyboard and its screen.
type program struct {
	t              *testing.T
	stdin          *io.PipeWriter
	stdout, stderr <-chan string // lines
	status         chan int
	interrupt      context.CancelFunc
}

func start(t *testing.T, args ...string) *program {
	ctx, cancel := context.WithCancel(t.Context())
	in, stdin := io.Pipe()
	stdout, out := screen(t)
	stderr, errs := screen(t)
	p := &program{t, stdin, stdout, stderr, make(chan int, 1), cancel}
	var running sync.WaitGroup
	running.Go(func() {
		p.status <- run(ctx, args, in, out, errs)
		out.Close()
		errs.Close()
	})
	t.Cleanup(func() {
		cancel()
		stdin.Close()
		running.Wait()
	})
	return p
}

// screen returns the lines that are written to w.
func screen(t *testing.T) (<-chan string, *io.PipeWriter) {
	r, w := io.Pipe()
	lines := make(chan string, 10_000)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(lines)
		for in := bufio.NewReader(r); ; {
			line, err := in.ReadString('\n')
			if line != "" {
				lines <- strings.TrimSuffix(line, "\n")
			}
			if err != nil {
				return
			}
		}
	})
	t.Cleanup(reading.Wait)
	return lines, w
}

func (p *program) types(text string) {
	p.t.Helper()
	_, err := io.WriteString(p.stdin, text)
	require.NoError(p.t, err)
}

func (p *program) prints(line string) {
	p.t.Helper()
	require.Equal(p.t, line, receive(p.t, p.stdout))
}

func (p *program) complains(line string) {
	p.t.Helper()
	require.Equal(p.t, line, receive(p.t, p.stderr))
}

func (p *program) ends(status int) {
	p.t.Helper()
	require.Equal(p.t, status, receive(p.t, p.status))
}

// receive returns the zero value from a channel that was closed.
func receive[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(patience):
		require.FailNow(t, "nothing came")
	}
	return v
}

// serve runs talk for each connection and returns the URL. The test waits for all of them at its end.
func serve(t *testing.T, talk func(*websocket.Conn)) string {
	var talking sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		talking.Add(1)
		defer talking.Done()
		var upgrader websocket.Upgrader
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		conn.SetReadDeadline(time.Now().Add(patience))
		talk(conn)
	}))
	t.Cleanup(talking.Wait) // after the client's end, and Close
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

// echo says back what it hears.
func echo(conn *websocket.Conn) {
	for {
		kind, text, err := conn.ReadMessage()
		if err != nil {
			return
		}
		conn.WriteMessage(kind, text)
	}
}

// listen passes on what it hears, and at last why it hears no more.
func listen(heard chan<- string, end chan<- error) func(*websocket.Conn) {
	return func(conn *websocket.Conn) {
		for {
			_, text, err := conn.ReadMessage()
			if err != nil {
				end <- err
				return
			}
			heard <- string(text)
		}
	}
}
