package wire

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestConversation(t *testing.T) {
	for _, host := range []string{"127.0.0.1:0", "[::1]:0"} {
		t.Run(host, func(t *testing.T) {
			server := echo(t, host)
			c := openCapture(t)
			began := time.Now()
			conn := dial(t, server)
			exchange(t, conn, "hello")
			goodbye(t, conn)
			require.NoError(t, c.Wait(deadline(t), func(events []Event) bool { return count(events, FIN) == 2 }))

			got := events(t, c)
			var story []string
			for _, e := range got {
				require.Equal(t, conn.LocalAddr().String(), e.Client.String())
				require.Equal(t, conn.RemoteAddr().String(), e.Server.String())
				require.False(t, e.At.Before(began), "%v began at %v", e, began)
				require.WithinDuration(t, began, e.At, 20*time.Second)
				if e.Kind != FIN { // either side may be the first to say it
					story = append(story, plain(e))
				}
			}
			require.Equal(t, []string{
				"client SYN",
				"server SYN+ACK",
				"client GET /chat",
				"server 101 Switching Protocols",
				`client text FIN "hello" masked`,
				`server text FIN "hello"`,
				`client close FIN 1000 "bye" masked`,
				`server close FIN 1000`,
			}, story)
			key := got[2].Request.Header.Get("Sec-WebSocket-Key")
			require.Equal(t, AcceptKey(key), got[3].Response.Header.Get("Sec-WebSocket-Accept"))
			require.Equal(t, server.Listener.Addr().String(), got[2].Request.Header.Get("Host"))
			require.Equal(t, 101, got[3].Response.StatusCode)
			require.NotZero(t, got[4].Frame.Key)
		})
	}
}

// plain is an event without what differs from run to run.
func plain(e Event) string {
	who := "server"
	if e.FromClient {
		who = "client"
	}
	_, what, _ := strings.Cut(e.String(), "  ")
	what, _, _ = strings.Cut(what, "   ")
	if e.Frame != nil && e.Frame.Masked {
		what = strings.TrimSuffix(what, fmt.Sprintf(" with %x", e.Frame.Key))
	}
	return who + " " + what
}

func count(events []Event, kind Kind) (n int) {
	for _, e := range events {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func TestRefused(t *testing.T) {
	c := openCapture(t)
	const tries = 3
	for range tries {
		_, err := net.Dial("tcp", "127.0.0.1:8080")
		require.ErrorContains(t, err, "refused")
	}
	got := events(t, c)
	require.Len(t, got, 2*tries)
	server := netip.MustParseAddrPort("127.0.0.1:8080")
	for i, e := range got {
		require.Equal(t, server, e.Server)
		if i%2 == 0 {
			require.Equal(t, SYN, e.Kind)
			require.Equal(t, e.Client, e.From())
			require.Equal(t, server, e.To())
			continue
		}
		require.Equal(t, RST, e.Kind)
		require.True(t, e.Refused)
		require.Equal(t, server, e.From())
		require.Equal(t, got[i-1].Client, e.To())
	}
	require.Equal(t, fmt.Sprintf("server:8080 → client:%d  RST (nobody listens)", got[1].Client.Port()), got[1].String())
}

// A reset of a connection that was there is no refusal.
func TestReset(t *testing.T) {
	server := echo(t, "127.0.0.1:0")
	c := openCapture(t)
	conn := dial(t, server)
	exchange(t, conn, "hello")
	require.NoError(t, conn.NetConn().(*net.TCPConn).SetLinger(0))
	require.NoError(t, conn.Close())
	got := events(t, c)
	last := got[len(got)-1]
	require.Equal(t, RST, last.Kind)
	require.True(t, last.FromClient)
	require.False(t, last.Refused)
}

func TestPlainHTTP(t *testing.T) {
	server := echo(t, "127.0.0.1:0")
	c := openCapture(t)
	resp, err := http.Get(server.URL + "/a?b=c")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	got := events(t, c)
	require.Equal(t, "/a?b=c", got[2].Request.Target)
	require.Equal(t, 400, got[3].Response.StatusCode)
	require.Zero(t, count(got, WSFrame))
}

func TestBigMessage(t *testing.T) {
	server := echo(t, "127.0.0.1:0")
	c := openCapture(t)
	conn := dial(t, server)
	message := strings.Repeat("0123456789abcdef", 1<<16)
	const times = 4 // less in all than the ring holds, so that a busy machine loses nothing either
	for range times {
		exchange(t, conn, message)
	}
	var masked, bare, bytes uint64
	for _, e := range events(t, c) {
		if e.Frame == nil {
			continue
		}
		require.True(t, e.Frame.Cut == (e.Frame.Length > MaxPayload))
		require.True(t, strings.Contains(message+message, string(e.Frame.Payload)), "payload is not of the message")
		if bytes += e.Frame.Length; e.Frame.Masked {
			masked += e.Frame.Length
		} else {
			bare += e.Frame.Length
		}
	}
	require.EqualValues(t, times<<20, masked)
	require.EqualValues(t, times<<20, bare)
}

func TestManyConnections(t *testing.T) {
	server := echo(t, "127.0.0.1:0")
	c := openCapture(t)
	const conns, messages = 200, 10
	crowd(t, server, conns, messages)

	got := events(t, c)
	require.Equal(t, conns, count(got, SYN))
	require.Equal(t, conns, count(got, SYNACK))
	require.Equal(t, conns, count(got, HTTPRequest))
	require.Equal(t, conns, count(got, HTTPResponse))
	sent := make(map[netip.AddrPort][]string)
	heard := make(map[netip.AddrPort][]string)
	for _, e := range got {
		if e.Frame != nil && e.FromClient {
			sent[e.Client] = append(sent[e.Client], string(e.Frame.Payload))
		} else if e.Frame != nil {
			heard[e.Client] = append(heard[e.Client], string(e.Frame.Payload))
		}
	}
	require.Len(t, sent, conns)
	require.Equal(t, sent, heard)
	for _, texts := range sent {
		require.Len(t, texts, messages)
		for n, text := range texts {
			require.True(t, strings.HasSuffix(text, fmt.Sprintf(".%d", n)), "%q at %d", text, n)
		}
	}
}

// What crossed before Sync is in Events after it, every time.
func TestSync(t *testing.T) {
	server := echo(t, "127.0.0.1:0")
	c := openCapture(t)
	conn := dial(t, server)
	for n := range 50 {
		exchange(t, conn, fmt.Sprint(n))
		got := events(t, c)
		require.Equal(t, 2*(n+1), count(got, WSFrame))
		require.Equal(t, fmt.Sprint(n), string(got[len(got)-1].Frame.Payload))
	}
}

func TestWaitEnds(t *testing.T) {
	c := openCapture(t)
	never := func([]Event) bool { return false }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, c.Wait(ctx, never), context.Canceled)
	require.ErrorIs(t, c.Sync(ctx), context.Canceled)

	waiting := make(chan error, 1)
	go func() { waiting <- c.Wait(t.Context(), never) }()
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-waiting, net.ErrClosed)
	require.Error(t, c.Sync(deadline(t)))
	require.NoError(t, c.Close())
	require.Zero(t, c.Lost())
}

// Neither the reader nor the coroutines of connections that are still open outlive the capture.
func TestCloseLeavesNothing(t *testing.T) {
	server := echo(t, "127.0.0.1:0")
	c := openCapture(t)
	raw, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer raw.Close()
	_, err = raw.Write([]byte("GET / HTTP/1.1\r\nHo"))
	require.NoError(t, err)
	exchange(t, dial(t, server), "hello")
	require.NoError(t, c.Sync(deadline(t)))

	require.Subset(t, running(), []string{"run", "readClient", "readServer"})
	require.NoError(t, c.Close())
	for ctx := deadline(t); len(running()) > 0; runtime.Gosched() { // the last lines of a goroutine come after its last word
		require.NoError(t, ctx.Err(), "still there: %v", running())
	}
}

// running names the functions of this package that a goroutine is in, of those that must end.
func running() (names []string) {
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	for name, inside := range map[string]string{
		"run":        "wire.(*Capture).run(",
		"readClient": "wire.(*conn).readClient(",
		"readServer": "wire.(*conn).readServer(",
	} {
		if bytes.Contains(all, []byte(inside)) {
			names = append(names, name)
		}
	}
	return names
}
