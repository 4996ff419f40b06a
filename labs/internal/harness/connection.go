package harness

import (
	"flag"
	"fmt"
	"regexp"
	"strings"
	"time"

	"broadcastlab/labs"
)

// This file holds the commands about single connections: frames, pongs, refusals, ends, faults.

// frames are the connections on which somebody of the kit's own has received frames.
func (c *check) connections(name string) ([]*conn, error) {
	switch a := c.actors[name].(type) {
	case *peer:
		return []*conn{a.conn}, nil
	case *host:
		c.t.mu.Lock()
		defer c.t.mu.Unlock()
		return append([]*conn(nil), a.conns...), nil
	}
	return nil, usageError("%q is no peer and no host", name)
}

func runMasked(c *check, neg bool, args []string) error {
	rest, err := options(args, nil, 1, 1)
	if err != nil {
		return err
	}
	conns, err := c.connections(rest[0])
	if err != nil {
		return err
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	n := 0
	for _, k := range conns {
		for _, f := range k.frames {
			n++
			if f.Masked == neg {
				return c.failAt(-1, maskFailure(neg, fmt.Sprintf("%s received a %s frame of %d bytes, %s", rest[0], f.Opcode, f.Length, maskWord(f.Masked))), "")
			}
		}
	}
	if n == 0 {
		return usageError("%s has received no frame: nothing to look at", rest[0])
	}
	return nil
}

func maskWord(masked bool) string {
	if masked {
		return "masked"
	}
	return "not masked"
}

func maskFailure(server bool, heard string) labs.Failure {
	if server {
		return labs.Failure{Headline: "The server masks its frames.", Expected: "frames from the server are not masked", Heard: heard,
			Next: "RFC 6455, section 5.1: a server must not mask, and a client must end the connection when it does."}
	}
	return labs.Failure{Headline: "The client does not mask its frames.", Expected: "every frame from the client is masked", Heard: heard,
		Next: "RFC 6455, section 5.3: a client masks each frame with a key that is new each time; a server must end the connection when it does not."}
}

func runPong(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 2, 2)
	if err != nil {
		return err
	}
	name, payload := rest[0], rest[1]
	if _, err := c.connections(name); err != nil {
		return err
	}
	got := func() bool {
		var conns []*conn
		switch a := c.actors[name].(type) {
		case *peer:
			conns = []*conn{a.conn}
		case *host:
			conns = a.conns
		}
		for _, k := range conns {
			for _, pong := range k.pongs {
				if pong == payload {
					return true
				}
			}
		}
		return false
	}
	err = c.t.await(c.ctx, c.usual(), func() bool { return got() || c.t.ears[name].ended != "" })
	if err != nil && err != errPatience {
		return c.gaveUp(err)
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if got() {
		return nil
	}
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("%s sent a ping, and no pong came back.", name),
		Expected: fmt.Sprintf("pong %q", payload), Heard: c.lately(c.t.ears[name], ""),
		Next: "RFC 6455, section 5.5.2: a ping is answered with a pong that carries the same bytes, in the middle of a message too.",
	}, "", labs.Event{Who: name, Kind: labs.Received, Text: "pong " + payload, Missing: true})
}

var httpStatus = regexp.MustCompile(`^HTTP/1\.[01] (\d{3})`)

func runRefuses(c *check, neg bool, args []string) error {
	r, _, err := about[*raw](c, "raw connection", args, nil, 1)
	if err != nil {
		return err
	}
	if neg {
		return c.leavesOpen(r)
	}
	return c.refuses(r)
}

// refuses waits for an HTTP answer that is not 101, or the end of the connection.
func (c *check) refuses(r *raw) error {
	status := ""
	err := c.t.await(c.ctx, c.usual(), func() bool {
		if len(r.ear.heard) > 0 {
			if m := httpStatus.FindStringSubmatch(r.ear.heard[0].text); m != nil {
				status = m[1]
			}
		}
		return status != "" || r.ear.ended != ""
	})
	if err != nil && err != errPatience {
		return c.gaveUp(err)
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	switch {
	case status == "101":
		return c.failAt(-1, labs.Failure{
			Headline: fmt.Sprintf("The request of %s should have been refused. It was answered with 101.", r.name),
			Expected: "an HTTP answer that is not 101, or the end of the connection", Heard: "101",
			Next: "RFC 6455, section 4.2.1: look for Upgrade, Connection, Sec-WebSocket-Version and Sec-WebSocket-Key before saying yes.",
		}, "")
	case err != nil:
		return c.failAt(-1, labs.Failure{
			Headline: fmt.Sprintf("%s sent a request that asks for no WebSocket, and was never answered.", r.name),
			Expected: "an HTTP answer that is not 101, or the end of the connection", Heard: c.lately(r.ear, ""),
			Next: "When the handshake cannot be done, say so (400 or 426) or close the connection; nobody should wait for nothing.",
		}, "", labs.Event{Who: r.name, Kind: labs.Received, To: "server", Text: "HTTP/1.1 400 Bad Request, or the end", Missing: true})
	}
	return nil
}

// leavesOpen asserts that so far nothing was answered and the connection is still there. It does not wait.
func (c *check) leavesOpen(r *raw) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if len(r.ear.heard) == 0 && r.ear.ended == "" {
		return nil
	}
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("%s was answered, or its connection was ended.", r.name),
		Expected: "no answer so far, and no end", Heard: c.lately(r.ear, ""),
	}, "")
}

func runClosed(c *check, _ bool, args []string) error {
	within := c.usual()
	rest, err := options(args, func(f *flag.FlagSet) { c.within(f, &within) }, 1, 1)
	if err != nil {
		return err
	}
	name := rest[0]
	switch c.actors[name].(type) {
	case *peer, *raw:
	default:
		return usageError("%q is no peer and no raw connection", name)
	}
	began := time.Now()
	err = c.t.await(c.ctx, within, func() bool { return c.t.ears[name].ended != "" })
	if err == nil {
		return nil
	}
	if err != errPatience {
		return c.gaveUp(err)
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("%s said nothing for %v, and the server still holds its connection.", name, time.Since(began).Round(time.Second)),
		Expected: fmt.Sprintf("the server ends the connection within %v", within), Heard: c.lately(c.t.ears[name], ""),
		Next: "Give the handshake a time limit; take it away again when the handshake is done.",
	}, "", labs.Event{Who: name, Kind: labs.Left, Text: "the server ends the connection", Missing: true})
}

func runStall(c *check, _ bool, args []string) error {
	return c.onPeer(args, func(p *peer) {
		c.t.mu.Lock()
		defer c.t.mu.Unlock()
		if p.stalled == nil {
			p.stalled = make(chan struct{})
		}
		c.t.add(labs.Event{Who: p.name, Kind: labs.Note, Text: "stops reading"})
	})
}

func runResume(c *check, _ bool, args []string) error {
	return c.onPeer(args, func(p *peer) {
		c.t.mu.Lock()
		defer c.t.mu.Unlock()
		if p.stalled != nil {
			close(p.stalled)
			p.stalled = nil
		}
		c.t.add(labs.Event{Who: p.name, Kind: labs.Note, Text: "reads again"})
	})
}

func (c *check) onPeer(args []string, do func(*peer)) error {
	rest, err := options(args, nil, 1, 1)
	if err != nil {
		return err
	}
	p, err := aTypeOf[*peer](c, rest[0], "peer")
	if err == nil {
		do(p)
	}
	return err
}

func runCut(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 1, 1)
	if err != nil {
		return err
	}
	switch a := c.actors[rest[0]].(type) {
	case *peer:
		a.cut()
	case *raw:
		a.leave("the connection is reset")
		reset(a.net)
	default:
		return usageError("%q is no peer and no raw connection", rest[0])
	}
	return nil
}

// runQuotes compares a text with what somebody has put into quotes.
func runQuotes(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 2, 2)
	if err != nil {
		return err
	}
	quoted, text := rest[0], unescape(rest[1])
	inner, ok := strings.CutPrefix(quoted, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	bare := bareIn(inner)
	if ok && closed && bare == "" && unescape(inner) == text {
		return nil
	}
	what := "came out as another text"
	if bare != "" {
		what = "was passed on with " + bare + " that is not escaped"
	}
	return c.fail(labs.Failure{
		Headline: fmt.Sprintf("A text with quotes and control characters %s: %s.", what, shorten(quoted, 160)),
		Expected: fmt.Sprintf("%q", text), Heard: quoted,
		Next: "Quote the text as {:?} does in Rust and %q in Go: a quote or a newline inside must not look like the end of the message, or anybody can forge another's tag.",
	})
}

var bareQuote = regexp.MustCompile(`(^|[^\\])(\\\\)*"`)

// bareIn names the first character inside quotes that should be escaped and is not; empty where there is none.
func bareIn(inner string) string {
	if bareQuote.MatchString(inner) {
		return "a quote"
	}
	for _, c := range []struct{ bare, name string }{{"\n", "a newline"}, {"\r", "a carriage return"}, {"\t", "a tab"}, {"\x00", "a NUL"}, {"\x1b", "an ESC"}} {
		if strings.Contains(inner, c.bare) {
			return c.name
		}
	}
	return ""
}
