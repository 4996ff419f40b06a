package trace

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"broadcastlab/labs/internal/report"
	"broadcastlab/labs/internal/wire"
)

const (
	whoWidth = 28                       // columns for who speaks to whom: client:53422 → server:8080
	indent   = 7 + 2 + whoWidth + 2 + 2 // columns before a header: it stands a little behind its first line
	maxValue = 100                      // characters of a header's value, or of a request's target, that are shown
)

// A scribe writes the lines. It belongs to whoever holds the tracer's lock.
type scribe struct {
	out   io.Writer
	began time.Time
	last  time.Time                 // of the line before
	names map[netip.AddrPort]string // of clients, where they are known
	keys  map[netip.AddrPort]string // Sec-WebSocket-Key of a client that is not answered yet
}

func newScribe(out io.Writer) *scribe {
	return &scribe{out: out, began: time.Now(), names: map[netip.AddrPort]string{}, keys: map[netip.AddrPort]string{}}
}

// note writes a line about one party.
func (s *scribe) note(at time.Time, who, what string) { s.line(at, who, what) }

// event writes what crossed the wire.
func (s *scribe) event(e wire.Event) {
	client, server := s.client(e.Client), fmt.Sprintf("server:%d", e.Server.Port())
	who := client + " → " + server
	if !e.FromClient {
		who = server + " → " + client
	}
	switch {
	case e.Request != nil:
		s.request(e, who)
	case e.Response != nil:
		s.response(e, who)
	case e.Frame != nil:
		s.line(e.At, who, frame(*e.Frame, e.FromClient))
	default:
		s.line(e.At, who, packet(e))
	}
}

func (s *scribe) client(addr netip.AddrPort) string {
	name := s.names[addr]
	if name == "" {
		name = "client"
	}
	return fmt.Sprintf("%s:%d", name, addr.Port())
}

// packet says what a packet of TCP's own means.
func packet(e wire.Event) string {
	switch {
	case e.Kind == wire.SYN:
		return "SYN       ← asks for a TCP connection"
	case e.Kind == wire.SYNACK:
		return "SYN+ACK   ← a TCP connection: nothing of WebSocket yet"
	case e.Refused:
		return "RST       ← refused: nobody listens there"
	case e.Kind == wire.RST:
		return "RST       ← the connection is cut"
	case e.Kind == wire.FIN:
		return "FIN       ← has nothing more to send"
	}
	return e.Kind.String()
}

// handshake are the headers that make a WebSocket of an HTTP request (RFC 6455, section 4).
var handshake = []string{"Host", "Upgrade", "Connection", "Origin", "Sec-Websocket-Key", "Sec-Websocket-Accept",
	"Sec-Websocket-Version", "Sec-Websocket-Protocol", "Sec-Websocket-Extensions"}

func (s *scribe) request(e wire.Event, who string) {
	s.keys[e.Client] = e.Request.Header.Get("Sec-WebSocket-Key")
	s.line(e.At, who, e.Request.Method+" "+cut(e.Request.Target)+" "+e.Request.Proto)
	s.head(e.Request.Header, "")
}

func (s *scribe) response(e wire.Event, who string) {
	gloss := "   ← SHA-1 of the key and a fixed text"
	if right := wire.AcceptKey(s.keys[e.Client]); e.Response.Header.Get("Sec-WebSocket-Accept") != right {
		gloss = "   ← wrong: the SHA-1 of the key and the fixed text is " + right
	}
	delete(s.keys, e.Client)
	first := e.Response.Proto + " " + cut(e.Response.Status)
	if e.Response.StatusCode == http.StatusSwitchingProtocols && e.Response.Header.Get("Sec-WebSocket-Accept") == "" {
		first += "   ← against the rules: no Sec-WebSocket-Accept"
	}
	s.line(e.At, who, first)
	s.head(e.Response.Header, gloss)
}

// head writes the headers of the handshake, one a line, and how many others there are; gloss explains the accept key.
func (s *scribe) head(h http.Header, gloss string) {
	others := 0
	for name := range h {
		if !slices.Contains(handshake, name) {
			others++
		}
	}
	for _, name := range handshake {
		for _, value := range h.Values(name) {
			line := strings.Replace(name, "Websocket", "WebSocket", 1) + ": " + cut(value)
			if name == "Sec-Websocket-Accept" {
				line += gloss
			}
			s.write(strings.Repeat(" ", indent) + line)
		}
	}
	if others > 0 {
		s.write(fmt.Sprintf("%*sand %d more", indent, "", others))
	}
}

// frame tells a frame: text  FIN  5 bytes  "hello"   81 85 …   masked with 37 fa 21 3d.
func frame(f wire.Frame, fromClient bool) string {
	words := []string{f.Opcode.String()}
	if f.Fin {
		words = append(words, "FIN")
	}
	for i, name := range []string{"RSV1", "RSV2", "RSV3"} {
		if f.RSV&(4>>i) != 0 {
			words = append(words, name)
		}
	}
	bytes := "bytes"
	if f.Length == 1 {
		bytes = "byte"
	}
	words = append(words, fmt.Sprintf("%d %s", f.Length, bytes))
	if content := f.Content(); content != "" {
		words = append(words, content)
	}
	masked := "not masked"
	if f.Masked {
		masked = fmt.Sprintf("masked with % x", f.Key)
	}
	if f.Masked != fromClient {
		masked += "   ← against the rules: a client masks, a server does not"
	}
	if f.Overlong {
		masked += "   ← against the rules: its length takes more bytes than it needs"
	}
	return fmt.Sprintf("%s   % x …   %s", strings.Join(words, "  "), f.Head(), masked)
}

// cut shortens what a stranger sent.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= maxValue {
		return s
	}
	return string([]rune(s)[:maxValue]) + fmt.Sprintf("… (%d bytes)", len(s))
}

// line writes one line, with the seconds since the beginning. What a program prints is read before the packets that it may stand behind:
// its time then is theirs, so that times never run backwards.
func (s *scribe) line(at time.Time, who, what string) {
	if at.Before(s.last) {
		at = s.last
	}
	s.last = at
	s.write(fmt.Sprintf("%7.3f  %-*s  %s", max(0, at.Sub(s.began)).Seconds(), whoWidth, who, what))
}

// write makes one visible line of what may hold anything. A reader that is gone ends the program by its own means.
func (s *scribe) write(text string) {
	fmt.Fprintln(s.out, report.OneLine(text))
}
