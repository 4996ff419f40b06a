package trace

import (
	"bytes"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/wire"
)

var (
	clientAddr = netip.MustParseAddrPort("127.0.0.1:53422")
	serverAddr = netip.MustParseAddrPort("127.0.0.1:8080")
)

// tell is what the scribe writes of some events, all from the client where the event says so.
func tell(events ...wire.Event) string {
	var b bytes.Buffer
	s := newScribe(&b)
	for _, e := range events {
		e.At, e.Client, e.Server = s.began.Add(4210*time.Millisecond), clientAddr, serverAddr
		s.event(e)
	}
	return b.String()
}

func TestLines(t *testing.T) {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	hello := wire.Frame{Fin: true, Opcode: wire.Text, Masked: true, Key: key, Length: 5, Payload: []byte("hello")}
	bare := hello
	bare.Masked = false
	for want, e := range map[string]wire.Event{
		`client:53422 → server:8080    SYN       ← asks for a TCP connection`:                                                                       {FromClient: true, Kind: wire.SYN},
		`server:8080 → client:53422    RST       ← refused: nobody listens there`:                                                                   {Kind: wire.RST, Refused: true},
		`server:8080 → client:53422    RST       ← the connection is cut`:                                                                           {Kind: wire.RST},
		`client:53422 → server:8080    text  FIN  5 bytes  "hello"   81 85 …   masked with 37 fa 21 3d`:                                             {FromClient: true, Kind: wire.WSFrame, Frame: &hello},
		`server:8080 → client:53422    text  FIN  5 bytes  "hello"   81 05 …   not masked`:                                                          {Kind: wire.WSFrame, Frame: &bare},
		`client:53422 → server:8080    text  FIN  5 bytes  "hello"   81 05 …   not masked   ← against the rules: a client masks, a server does not`: {FromClient: true, Kind: wire.WSFrame, Frame: &bare},
		`server:8080 → client:53422    text  FIN  300 bytes  "hello"… (300 bytes)   81 7e 01 2c …   not masked`:                                     {Kind: wire.WSFrame, Frame: &wire.Frame{Fin: true, Opcode: wire.Text, Length: 300, Payload: []byte("hello"), Cut: true}},
		`server:8080 → client:53422    close  FIN  RSV1  5 bytes  1001 "bye"   c8 05 …   not masked`:                                                {Kind: wire.WSFrame, Frame: &wire.Frame{Fin: true, RSV: 4, Opcode: wire.Close, Length: 5, Payload: []byte("\x03\xe9bye")}},
	} {
		require.Equal(t, "  4.210  "+want+"\n", tell(e))
	}
}

func TestHandshakeLines(t *testing.T) {
	const key = "dGhlIHNhbXBsZSBub25jZQ==" // of RFC 6455, section 1.3
	request := wire.Event{FromClient: true, Kind: wire.HTTPRequest, Request: &wire.Request{Method: "GET", Target: "/", Proto: "HTTP/1.1",
		Header: http.Header{"Sec-Websocket-Key": {key}, "Host": {"a\x1b[2J"}, "User-Agent": {"x"}, "Accept": {"y"}}}}
	answer := func(accept string) wire.Event {
		return wire.Event{Kind: wire.HTTPResponse, Response: &wire.Response{StatusCode: 101, Status: "101 Switching Protocols", Proto: "HTTP/1.1",
			Header: http.Header{"Sec-Websocket-Accept": {accept}}}}
	}
	got := tell(request, answer("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
	require.Equal(t, strings.Join([]string{
		"  4.210  client:53422 → server:8080    GET / HTTP/1.1",
		"                                         Host: a␛[2J",
		"                                         Sec-WebSocket-Key: " + key,
		"                                         and 2 more",
		"  4.210  server:8080 → client:53422    HTTP/1.1 101 Switching Protocols",
		"                                         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=   ← SHA-1 of the key and a fixed text",
		"",
	}, "\n"), got)
	require.Contains(t, tell(request, answer("plum")), "Accept: plum   ← wrong: the SHA-1 of the key and the fixed text is s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n")
	require.Contains(t, tell(request, answer("")), "101 Switching Protocols   ← against the rules: no Sec-WebSocket-Accept\n")
}

// A line that a program has printed before a packet went by, and that is told after it, has the packet's time.
func TestTimesDoNotRunBackwards(t *testing.T) {
	var b bytes.Buffer
	s := newScribe(&b)
	s.event(wire.Event{At: s.began.Add(20 * time.Millisecond), Client: clientAddr, Server: serverAddr, FromClient: true, Kind: wire.SYN})
	s.note(s.began.Add(10*time.Millisecond), "server", "prints    listening")
	s.note(s.began.Add(30*time.Millisecond), "server", "prints    hello")
	require.Regexp(t, `\A  0\.020 .*\n  0\.020  server .*\n  0\.030  server .*\n\z`, b.String())
}

// No line can look like two, whatever a stranger sends.
func TestOneLine(t *testing.T) {
	e := wire.Event{Kind: wire.HTTPResponse, Response: &wire.Response{Status: "200 a\n  0.000  forged", Proto: "HTTP/1.1", Header: http.Header{"Upgrade": {strings.Repeat("x", 1000)}}}}
	got := tell(e)
	require.Equal(t, 2, strings.Count(got, "\n"), got)
	require.Contains(t, got, `200 a␊  0.000  forged`)
	require.Contains(t, got, "… (1000 bytes)")
}
