package wire

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzDialogue: what two programs say means the same however TCP cuts it into segments, and nothing of it stops the capture.
func FuzzDialogue(f *testing.F) {
	const (
		request = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n"
		answer  = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
	)
	f.Add(request+"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", answer+"\x81\x05Hello\x88\x02\x03\xe8", byte(3))
	f.Add(request+"\x81\x7e\xff\xff", "HTTP/1.1 400 Bad Request\r\n\r\n\x81\x01x", byte(1))
	f.Add("\x16\x03\x01", answer+"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", byte(7))
	f.Fuzz(func(t *testing.T, client, server string, size byte) {
		wantClient, wantServer := eventsOf(client, server, len(client)+len(server)+1)
		gotClient, gotServer := eventsOf(client, server, int(size)+1)
		require.Equal(t, wantClient, gotClient)
		require.Equal(t, wantServer, gotServer)
	})
}

// eventsOf is what a capture tells of each end, when bytes come in segments of a size, the client's before the server's.
func eventsOf(client, server string, size int) (ofClient, ofServer []Event) {
	tracker := newTracker(func(e Event) {
		if e.FromClient {
			ofClient = append(ofClient, e)
		} else {
			ofServer = append(ofServer, e)
		}
	}, func() int { return 100 })
	c := tracker.newConn(link{netip.MustParseAddrPort("127.0.0.1:1"), netip.MustParseAddrPort("127.0.0.1:2")}, 0)
	push := func(h *half, data string) {
		for len(data) > 0 {
			n := min(size, len(data))
			c.hear(h, time.Time{}, []byte(data[:n]))
			data = data[n:]
		}
	}
	push(&c.client, client)
	push(&c.server, server)
	c.end()
	return ofClient, ofServer
}
