package harness

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

// maxPlain is how many bytes of a plain connection are heard.
const maxPlain = 8 << 20

// A raw is a plain TCP connection to the judged server: it says bytes and hears lines.
type raw struct {
	c       *check
	name    string
	net     net.Conn
	in      *bufio.Reader // what the server sends, up to maxPlain
	ear     *ear
	reading sync.WaitGroup
	closing bool   // guarded by the transcript's lock
	key     string // of the opening handshake; empty where none was tried
	spoke   bool   // it has said something
}

func (c *check) plug(name, addr string) (*raw, error) {
	tcp, err := dial(c.ctx, addr)
	if err != nil {
		return nil, c.fail(labs.Failure{
			Headline: fmt.Sprintf("%s could not open a TCP connection to %s: %s.", name, addr, cause(err)),
			Expected: "a TCP connection", Heard: cause(err),
		}, labs.Event{Who: name, Kind: labs.Joined, To: "server", Text: addr, Missing: true})
	}
	r := &raw{c: c, name: name, net: tcp, in: bufio.NewReader(io.LimitReader(tcp, maxPlain)), ear: c.t.ear(name)}
	c.t.note(labs.Event{Who: name, Kind: labs.Joined, To: "server", Text: tcp.LocalAddr().String() + " (plain TCP)"})
	c.actors[name] = r
	c.setenv(name, addressPattern(tcp.LocalAddr().String()))
	return r, nil
}

// listen starts to hear what the server sends, line by line. Before it, a handshake may read the connection itself.
func (r *raw) listen() {
	r.reading.Go(func() {
		received := 0
		for range maxHeard {
			text, err := r.in.ReadString('\n')
			received += len(text)
			r.hear(text)
			switch {
			case err == io.EOF && received < maxPlain:
				r.end("ended the connection")
				return
			case err == io.EOF:
				r.end(fmt.Sprintf("was cut off by the kit: it had sent %d MiB", maxPlain>>20))
				return
			case err != nil:
				r.end("lost the connection: " + cause(err))
				return
			}
		}
		r.end(fmt.Sprintf("was cut off by the kit: it had sent %d lines", maxHeard))
	})
}

func (r *raw) hear(text string) {
	if text == "" {
		return
	}
	text = strings.TrimRight(text, "\r\n")
	r.c.t.mu.Lock()
	defer r.c.t.mu.Unlock()
	event := r.c.t.add(labs.Event{Who: r.name, Kind: labs.Received, To: "server", Text: text})
	r.ear.heard = append(r.ear.heard, line{text: text, event: event})
}

func (r *raw) end(how string) {
	r.net.Close()
	r.c.t.mu.Lock()
	defer r.c.t.mu.Unlock()
	r.ear.ended = "the server " + how
	if !r.closing {
		r.c.t.add(labs.Event{Who: r.name, Kind: labs.Left, To: "server", Text: "the server " + how})
	}
	r.c.t.wake()
}

// byHand is a command that does about what the connection does: says nothing, asks for a page, or with a key for a WebSocket.
func (r *raw) byHand() string {
	if !r.spoke && r.key == "" {
		return "nc " + strings.Replace(r.net.RemoteAddr().String(), ":", " ", 1) + "    and say nothing"
	}
	command := []string{"curl", "-si", "--max-time", "2"}
	if r.key != "" {
		command = append(command, "-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: "+r.key)
	}
	return typedAs(append(command, "http://"+r.net.RemoteAddr().String()+"/"))
}

// say sends bytes. A server that is gone is told by the wait that follows.
func (r *raw) say(text string) error {
	r.spoke = true
	r.c.t.note(labs.Event{Who: r.name, Kind: labs.Sent, To: "server", Text: text})
	r.net.SetWriteDeadline(time.Now().Add(writeWait)) // a server that reads nothing must not hold up the script for ever
	r.net.Write([]byte(text))
	return nil
}

func (r *raw) hangup() error {
	r.leave("the connection ends")
	r.net.Close()
	return nil
}

// leave notes that what follows is our own doing.
func (r *raw) leave(how string) {
	r.c.t.mu.Lock()
	defer r.c.t.mu.Unlock()
	r.closing = true
	r.c.t.add(labs.Event{Who: r.name, Kind: labs.Note, Text: how})
}

func (r *raw) close() {
	r.c.t.mu.Lock()
	r.closing = true
	r.c.t.mu.Unlock()
	r.net.Close()
	r.reading.Wait()
}

// upgrade does the opening handshake with that key and wants the right answer (RFC 6455, section 4.2.2).
func (c *check) upgrade(name, addr, key string) error {
	r, err := c.plug(name, addr)
	if err != nil {
		return err
	}
	r.key = key
	c.t.note(labs.Event{Who: name, Kind: labs.Sent, To: "server", Text: "GET / HTTP/1.1, Upgrade: websocket, Sec-WebSocket-Key: " + key})
	answer, err := c.handshake(r.net, r.in, addr, key)
	if err != nil {
		return c.noHandshake(name, addr, err)
	}
	got, want := answer.Header.Get("Sec-WebSocket-Accept"), wire.AcceptKey(key)
	c.t.note(labs.Event{Who: name, Kind: labs.Received, To: "server", Text: answer.Proto + " " + answer.Status + ", Sec-WebSocket-Accept: " + got})
	missing := labs.Event{Who: name, Kind: labs.Received, To: "server", Text: "101, Sec-WebSocket-Accept: " + want, Missing: true}
	switch {
	case answer.StatusCode != http.StatusSwitchingProtocols:
		return c.fail(labs.Failure{
			Headline: fmt.Sprintf("%s asked for a WebSocket as RFC 6455 has it, and the server answered %q.", name, answer.Status),
			Expected: "101 Switching Protocols", Heard: answer.Status,
			Next: "Section 4.2.2 of RFC 6455 lists what the answer holds.",
		}, missing)
	case !hasToken(answer.Header, "Upgrade", "websocket") || !hasToken(answer.Header, "Connection", "upgrade"):
		return c.fail(labs.Failure{
			Headline: "The server answered 101, but not with the two headers that make it a WebSocket.",
			Expected: "Upgrade: websocket, Connection: Upgrade",
			Heard:    fmt.Sprintf("Upgrade: %s, Connection: %s", answer.Header.Get("Upgrade"), answer.Header.Get("Connection")),
			Next:     "RFC 6455, section 4.2.2, step 5.",
		}, missing)
	case got != want:
		return c.fail(labs.Failure{
			Headline: fmt.Sprintf("For the key %s the server's accept key is wrong.", key),
			Expected: "Sec-WebSocket-Accept: " + want, Heard: "Sec-WebSocket-Accept: " + got,
			Next: "It is the base64 of the SHA-1 of the key followed by a fixed text (RFC 6455, section 1.3); the key is another one each time.",
		}, missing)
	}
	r.listen()
	return nil
}

func hasToken(h http.Header, name, token string) bool {
	for _, value := range h.Values(name) {
		for part := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}
