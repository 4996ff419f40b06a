package wire

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Kind is what happened.
type Kind int

// The kinds of events. SYN, SYNACK, RST and FIN are one for each segment: a SYN sent again counts again.
const (
	SYN    Kind = iota + 1 // the client asks for a connection
	SYNACK                 // the server's kernel accepts it; the program may not know yet
	RST                    // the connection is refused or torn down
	FIN                    // this side will send no more
	HTTPRequest
	HTTPResponse
	WSFrame
)

// String gives the name as a trace shows it.
func (k Kind) String() string {
	switch k {
	case SYN:
		return "SYN"
	case SYNACK:
		return "SYN+ACK"
	case RST:
		return "RST"
	case FIN:
		return "FIN"
	case HTTPRequest:
		return "request"
	case HTTPResponse:
		return "response"
	case WSFrame:
		return "frame"
	}
	return fmt.Sprintf("kind %d", int(k))
}

// An Event is one thing that crossed the wire. What its pointers lead to is shared: it is there to be read.
type Event struct {
	At         time.Time      // the kernel's clock when the last byte of it crossed; comparable with time.Now
	Client     netip.AddrPort // who sent the SYN
	Server     netip.AddrPort
	FromClient bool
	Kind       Kind
	Refused    bool      // of an RST: the answer to a SYN, so nobody listens there
	Request    *Request  // of an HTTPRequest, else nil
	Response   *Response // of an HTTPResponse, else nil
	Frame      *Frame    // of a WSFrame, else nil
}

// A Request is the head of an HTTP request.
type Request struct {
	Method string
	Target string // as it was sent: "/" for most
	Proto  string // "HTTP/1.1"
	Header http.Header
}

// A Response is the head of an HTTP response.
type Response struct {
	StatusCode int
	Status     string // "101 Switching Protocols"
	Proto      string // "HTTP/1.1"
	Header     http.Header
}

// From and To are the addresses as the bytes travelled.
func (e Event) From() netip.AddrPort {
	if e.FromClient {
		return e.Client
	}
	return e.Server
}

// To is the address that the bytes were for.
func (e Event) To() netip.AddrPort {
	if e.FromClient {
		return e.Server
	}
	return e.Client
}

// String tells the event in one line, without the time: client:53422 → server:8080  text FIN "hello" masked with 37fa213d.
func (e Event) String() string {
	from, to := fmt.Sprintf("client:%d", e.Client.Port()), fmt.Sprintf("server:%d", e.Server.Port())
	if !e.FromClient {
		from, to = to, from
	}
	return fmt.Sprintf("%s → %s  %s", from, to, e.What())
}

// What tells the event without its addresses.
func (e Event) What() string {
	switch {
	case e.Frame != nil:
		return e.Frame.String()
	case e.Request != nil:
		first := e.Request.Method + " " + clip(e.Request.Target)
		return first + headers(e.Request.Header, "Upgrade", "Sec-WebSocket-Key")
	case e.Response != nil:
		return clip(e.Response.Status) + headers(e.Response.Header, "Sec-WebSocket-Accept")
	case e.Refused:
		return "RST (nobody listens)"
	}
	return e.Kind.String()
}

// headers shows those of the named fields that are there.
func headers(h http.Header, names ...string) string {
	var b strings.Builder
	for _, name := range names {
		if value := h.Get(name); value != "" {
			fmt.Fprintf(&b, "   %s: %s", name, clip(value))
		}
	}
	return b.String()
}

// clip keeps a line a line: what a stranger sent may be long, and is made printable.
func clip(s string) string {
	if quoted := fmt.Sprintf("%+q", s); len(quoted) != len(s)+2 || len(s) > shown {
		return quote([]byte(s), uint64(len(s)))
	}
	return s
}
