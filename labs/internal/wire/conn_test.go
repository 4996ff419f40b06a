package wire

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"
	"github.com/stretchr/testify/require"
)

const (
	request  = "GET /chat HTTP/1.1\r\nHost: example\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	response = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
	hello    = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58" // masked
	welcome  = "\x81\x07welcome"
)

// lines is what the happy path looks like.
var lines = []string{
	"client:5000 → server:80  SYN",
	"server:80 → client:5000  SYN+ACK",
	"client:5000 → server:80  GET /chat   Upgrade: websocket   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
	"server:80 → client:5000  101 Switching Protocols   Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
	`server:80 → client:5000  text FIN "welcome"`,
	`client:5000 → server:80  text FIN "Hello" masked with 37fa213d`,
}

// A feed is a tracker with one connection to feed it, from 10.0.0.1:5000 to 10.0.0.2:80.
type feed struct {
	*tracker
	events         []Event
	at             time.Time
	client, server uint32 // next sequence numbers
}

func newFeed(t *testing.T) *feed {
	f := &feed{}
	f.tracker = newTracker(func(e Event) { f.events = append(f.events, e) }, func() int { return 100 })
	t.Cleanup(f.end)
	return f
}

func (f *feed) segment(fromClient bool, tcp layers.TCP, data string) {
	p := packet{at: f.at, src: netip.MustParseAddrPort("10.0.0.1:5000"), dst: netip.MustParseAddrPort("10.0.0.2:80"), tcp: &tcp}
	if !fromClient {
		p.src, p.dst = p.dst, p.src
	}
	tcp.Payload = []byte(data)
	f.see(p)
	clear(tcp.Payload) // the ring takes its memory back
}

func (f *feed) open(clientISN, serverISN uint32) {
	f.client, f.server = clientISN+1, serverISN+1
	f.segment(true, layers.TCP{SYN: true, Seq: clientISN}, "")
	f.segment(false, layers.TCP{SYN: true, ACK: true, Seq: serverISN}, "")
}

func (f *feed) says(data string) {
	f.segment(true, layers.TCP{ACK: true, Seq: f.client}, data)
	f.client += uint32(len(data))
}

func (f *feed) answers(data string) {
	f.segment(false, layers.TCP{ACK: true, Seq: f.server}, data)
	f.server += uint32(len(data))
}

func (f *feed) told() (lines []string) {
	for _, e := range f.events {
		lines = append(lines, e.String())
	}
	return lines
}

func TestUpgrade(t *testing.T) {
	for _, isn := range []uint32{1000, 1<<32 - 20} {
		f := newFeed(t)
		f.open(isn, isn+7)
		f.says(request)
		f.answers(response)
		f.answers(welcome)
		f.says(hello)
		require.Equal(t, lines, f.told())
	}
}

// How the bytes are cut into segments makes no difference.
func TestUpgradeInPieces(t *testing.T) {
	f := newFeed(t)
	f.open(1, 1)
	for _, b := range []byte(request) {
		f.says(string(b))
	}
	for _, b := range []byte(response + welcome) {
		f.answers(string([]byte{b}))
	}
	for _, b := range []byte(hello) {
		f.says(string([]byte{b}))
	}
	require.Equal(t, lines, f.told())
}

// A client may not send frames before the 101; one that does is heard all the same, and so are frames right behind a head.
func TestFramesBesideTheHead(t *testing.T) {
	f := newFeed(t)
	f.open(1, 1)
	f.at = time.Unix(1, 0)
	f.says(request + hello[:4])
	f.at = time.Unix(2, 0)
	f.says(hello[4:])
	f.at = time.Unix(3, 0)
	f.answers(response + welcome)
	require.Equal(t, lines, f.told())
	require.Equal(t, time.Unix(3, 0), f.events[4].At)
	require.Equal(t, time.Unix(2, 0), f.events[5].At, "when its last byte came")
}

func TestOutOfOrder(t *testing.T) {
	f := newFeed(t)
	f.open(1, 1)
	f.says(request)
	f.answers(response)
	f.answers(welcome)
	f.segment(true, layers.TCP{FIN: true, Seq: f.client + uint32(len(hello))}, "")
	f.segment(true, layers.TCP{Seq: f.client + 5}, hello[5:])
	f.segment(true, layers.TCP{Seq: f.client}, hello[:5])
	want := append(lines[:5:5], "client:5000 → server:80  FIN", lines[5])
	require.Equal(t, want, f.told())
}

func TestCutPayload(t *testing.T) {
	f := newFeed(t)
	f.open(1, 1)
	f.says(request)
	f.answers(response)
	f.answers(string(AppendFrame(nil, Frame{Fin: true, Opcode: Text, Payload: []byte(strings.Repeat("x", 1000))})))
	f.answers(welcome)
	require.Len(t, f.events, 6)
	require.True(t, f.events[4].Frame.Cut)
	require.EqualValues(t, 1000, f.events[4].Frame.Length)
	require.Len(t, f.events[4].Frame.Payload, 100)
	require.Equal(t, "welcome", string(f.events[5].Frame.Payload))
}

// What is no upgrade has a beginning and an end, and nothing between them that would be kept.
func TestOtherStreams(t *testing.T) {
	for name, test := range map[string]struct {
		says, answers string
		want          []string
	}{
		"no HTTP":       {"hello\n", "hello yourself\n", nil},
		"nothing said":  {"", "220 mail.example ESMTP\r\n", nil},
		"no upgrade":    {"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + hello, "HTTP/1.1 400 Bad Request\r\n\r\n" + welcome, []string{"GET /", "400 Bad Request"}},
		"no end":        {"GET / HTTP/1.1\r\nHost: x\r\n", "HTTP/1.1 101 Switching", nil},
		"endless line":  {"GET /" + strings.Repeat("a", 200_000), strings.Repeat("\r\n", 100_000), nil},
		"large head":    {"GET / HTTP/1.1\r\nA: " + strings.Repeat("a", maxHead) + "\r\n\r\n", "HTTP/1.1 431 Too Large\r\n\r\n", []string{"431 Too Large"}},
		"talks on":      {request + strings.Repeat(hello, 10_000), "", []string{lines[2][len("client:5000 → server:80  "):]}},
		"request twice": {"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "", []string{"GET /"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFeed(t)
			f.open(1, 1)
			f.says(test.says)
			f.answers(test.answers)
			f.segment(false, layers.TCP{FIN: true, Seq: f.server}, "")
			var between []string
			for _, line := range f.told() {
				_, what, _ := strings.Cut(line, "  ")
				between = append(between, what)
			}
			want := append([]string{"SYN", "SYN+ACK"}, test.want...)
			require.Equal(t, append(want, "FIN"), between)
			for _, c := range f.conns {
				require.LessOrEqual(t, len(c.client.unread), maxUnread)
				require.LessOrEqual(t, len(c.server.unread), maxUnread)
			}
		})
	}
}

func TestSameSYNAgain(t *testing.T) {
	f := newFeed(t)
	for range 3 {
		f.segment(true, layers.TCP{SYN: true, Seq: 1}, "")
	}
	f.open(1, 1) // the fourth is answered
	f.says(request)
	require.Equal(t, []Kind{SYN, SYN, SYN, SYN, SYNACK, HTTPRequest}, kinds(f.events))
}

// The next connection may have the port of the last one.
func TestPortUsedAgain(t *testing.T) {
	f := newFeed(t)
	for _, isn := range []uint32{1, 5000} {
		f.events = nil
		f.open(isn, isn)
		f.says(request)
		f.answers(response)
		f.answers(welcome)
		f.says(hello)
		require.Equal(t, lines, f.told())
	}
}

func TestRefusedAndReset(t *testing.T) {
	f := newFeed(t)
	f.segment(true, layers.TCP{SYN: true, Seq: 1}, "")
	f.segment(false, layers.TCP{RST: true, ACK: true}, "")
	f.open(7, 7)
	f.says(request)
	f.segment(false, layers.TCP{RST: true, Seq: 8}, "")
	f.says(hello) // to nobody
	require.Equal(t, []Kind{SYN, RST, SYN, SYNACK, HTTPRequest, RST}, kinds(f.events))
	require.True(t, f.events[1].Refused)
	require.False(t, f.events[5].Refused)
}

func TestConnectionFromBefore(t *testing.T) {
	f := newFeed(t)
	f.says(request)
	f.answers(response)
	f.segment(true, layers.TCP{FIN: true, Seq: 100}, "")
	require.Empty(t, f.events)
}

func TestManyPorts(t *testing.T) {
	f := newFeed(t)
	for i := range maxConns + 10 {
		src := netip.AddrPortFrom(netip.MustParseAddr("::1"), uint16(1024+i))
		f.see(packet{src: src, dst: netip.MustParseAddrPort("[::1]:80"), tcp: &layers.TCP{SYN: true}})
	}
	require.Len(t, f.conns, maxConns)
	require.Len(t, f.events, maxConns+10)
}

func kinds(events []Event) (kinds []Kind) {
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// A stranger's words stay on one line.
func TestEventStringIsOneLine(t *testing.T) {
	e := Event{Kind: HTTPRequest, FromClient: true, Request: &Request{Method: "GET", Target: "/\x1b[2J\n" + strings.Repeat("x", 1000)}}
	require.Less(t, len(e.String()), 200)
	require.NotContains(t, e.String(), "\n")
	require.NotContains(t, e.String(), "\x1b")
	require.Equal(t, "RST", fmt.Sprint(RST))
}
