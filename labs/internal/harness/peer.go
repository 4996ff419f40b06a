package harness

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"broadcastlab/labs"
)

// A peer is the kit's own client: it stands in for a student's, so that a server can be judged alone.
type peer struct {
	*conn
	addr    string    // its own address, as the server sees it
	since   time.Time // when it came
	reading sync.WaitGroup
}

// connect makes a peer of a new connection to the judged server.
func (c *check) connect(name, addr string) (*peer, error) {
	c.calls++
	tcp, r, err := c.enter(name, addr, "Does the server still run, and does it go back to accept after each client?")
	if err != nil {
		return nil, err
	}
	p := &peer{addr: tcp.LocalAddr().String(), since: time.Now(), conn: &conn{c: c, ear: c.t.ear(name), net: tcp, r: r, name: name, other: "server", client: true}}
	c.t.note(labs.Event{Who: name, Kind: labs.Joined, To: "server", Text: p.addr})
	p.reading.Go(p.listen)
	c.actors[name] = p
	c.setenv(name, addressPattern(p.addr))
	return p, nil
}

// keptOut asserts that a peer does not get in.
func (c *check) keptOut(name, addr string) error {
	p, err := c.connect(name, addr)
	if _, refused := err.(*wrong); refused {
		return nil
	}
	if err != nil {
		return err
	}
	err = c.t.await(c.ctx, c.usual(), func() bool { return p.gone || len(p.ear.heard) > 0 })
	if err != nil && err != errPatience {
		return c.gaveUp(err)
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if p.gone && len(p.ear.heard) == 0 {
		return nil
	}
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("%s came when nobody should get in any more, and is in the chat.", name),
		Expected: "the connection is refused or ended", Heard: c.lately(p.ear, ""),
		Next: "What ends first: the listener, or the clients? Whoever comes between the two is in a chat that nobody will close.",
	}, "")
}

// enter opens a TCP connection to the judged server and makes it a WebSocket. next is what to look at if there is no connection.
func (c *check) enter(name, addr, next string) (net.Conn, *bufio.Reader, error) {
	missing := labs.Event{Who: name, Kind: labs.Joined, To: "server", Text: addr, Missing: true}
	tcp, err := dial(c.ctx, addr)
	if err != nil {
		return nil, nil, c.fail(labs.Failure{
			Headline: fmt.Sprintf("%s could not connect to %s: %s.", name, addr, cause(err)),
			Expected: "a TCP connection",
			Heard:    cause(err),
			Next:     next,
		}, missing)
	}
	head := &io.LimitedReader{R: tcp, N: maxHead}
	r := bufio.NewReader(head)
	answer, err := c.handshake(tcp, r, addr, newKey())
	switch {
	case err != nil:
		tcp.Close()
		return nil, nil, c.noHandshake(name, addr, err)
	case answer.StatusCode != http.StatusSwitchingProtocols:
		tcp.Close()
		return nil, nil, c.fail(labs.Failure{
			Headline: fmt.Sprintf("%s asked the server for a WebSocket and was refused: %s.", name, answer.Status),
			Expected: "HTTP/1.1 101 Switching Protocols",
			Heard:    answer.Proto + " " + answer.Status,
			Next:     "The opening handshake is RFC 6455, section 4.2: which part of the request does the server not accept?",
		}, missing)
	}
	head.N = math.MaxInt64
	return tcp, r, nil
}

// handshake asks for a WebSocket and returns the answer, within the usual patience.
func (c *check) handshake(tcp net.Conn, r *bufio.Reader, addr, key string) (*http.Response, error) {
	var answer *http.Response
	err := c.patiently(tcp, func() (err error) {
		if _, err = tcp.Write([]byte(request(addr, key))); err == nil {
			answer, err = readAnswer(r)
		}
		return err
	})
	return answer, err
}

// patiently runs do, which reads and writes tcp, and closes tcp when the patience is out.
func (c *check) patiently(tcp net.Conn, do func() error) error {
	ctx, cancel := context.WithCancel(c.ctx)
	var watch sync.WaitGroup
	var late error
	watch.Go(func() {
		late = c.t.await(ctx, c.usual(), func() bool { return false })
		if ctx.Err() == nil {
			tcp.Close()
		}
	})
	err := do()
	cancel()
	watch.Wait()
	if err != nil && (late == errPatience || late == errTooBusy) {
		return late
	}
	return err
}

func (c *check) noHandshake(name, addr string, err error) error {
	if err == errTooBusy {
		return machineError("%v", err)
	}
	heard, headline := cause(err), fmt.Sprintf("%s connected to %s and asked for a WebSocket; the answer was no HTTP: %s.", name, addr, cause(err))
	next := "The opening handshake is RFC 6455, section 4.2.2."
	if err == errPatience {
		heard = fmt.Sprintf("nothing for %v", c.usual())
		headline = fmt.Sprintf("%s connected to %s and asked for a WebSocket. The server never answered.", name, addr)
		next = "What is the server busy with while a client waits? Each connection needs a goroutine of its own, its handshake too."
	} else if strings.Contains(err.Error(), "EOF") || strings.Contains(err.Error(), "reset") {
		heard = "the connection ended"
		headline = fmt.Sprintf("%s connected to %s and asked for a WebSocket. The server ended the connection without an answer.", name, addr)
	}
	return c.fail(labs.Failure{Headline: headline, Expected: "HTTP/1.1 101 Switching Protocols", Heard: heard, Next: next},
		labs.Event{Who: name, Kind: labs.Joined, To: "server", Text: addr, Missing: true})
}

// say sends one text message. A server that is gone is told by the wait that follows.
func (p *peer) say(text string) error {
	p.text(text, 1, "")
	return nil
}

func (p *peer) hangup() error {
	p.bye(1000)
	return nil
}

func (p *peer) close() {
	p.conn.close()
	p.reading.Wait()
}
