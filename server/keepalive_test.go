package main

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// Row 3: a client that answers its pings stays for as long as it likes; one whose network has gone silent is let go after three
// intervals, and that is logged.
func TestPing(t *testing.T) {
	t.Parallel()
	p, c := startOn(t, nil, "-ping", "100ms")
	alive := p.dial(t)
	pings := make(chan struct{}, 1000)
	answer := alive.PingHandler()
	alive.SetPingHandler(func(data string) error {
		pings <- struct{}{}
		return answer(data)
	})
	heard := make(chan string)
	go func() { heard <- alive.hear(t) }()

	silent := p.raw(t, shake) // reads nothing, so it answers nothing
	began := time.Now()
	addr := silent.LocalAddr().String()
	p.stdout.await(t, "(?m)^No sign of life: "+addr+"\nConnection closed: "+addr+"$")
	requireBetween(t, 200*time.Millisecond, 300*time.Millisecond, began) // its silence may begin amid an interval
	for range 5 {
		<-pings
	}
	alive.say(t, "still here")
	require.Equal(t, alive.addr+`: "still here"`, <-heard)
	require.NotContains(t, p.stdout.String(), "No sign of life: "+alive.addr)
	require.Equal(t, map[string]float64{"silent": 1}, c.dropped(t))
}

// Who talks is not pinged.
func TestNoPingForWhoTalks(t *testing.T) {
	c := newTestChat(t)
	m := &conn{chat: c}
	m.out.client, m.out.state = m, collecting
	for now := int64(1); now < 100; now++ {
		m.heard.Store(now)
		m.tick(now + ticksPerPing - 1)
	}
	require.Empty(t, m.out.control)
	m.tick(99 + ticksPerPing)
	require.Equal(t, frame(websocket.PingMessage, ""), m.out.control)
}

// Rows 3 and 8, to the tick: three intervals of silence, or of one message, end a connection; one tick less does not.
func TestThreeIntervalsAreTheLimit(t *testing.T) {
	const limit = 3 * ticksPerPing
	for _, test := range []struct {
		heard, began, now int64
		out               bool
	}{
		{heard: 1, now: limit},
		{heard: 1, now: limit + 1, out: true},
		{heard: 50, began: 40, now: 40 + limit - 1},
		{heard: 50, began: 40, now: 40 + limit, out: true},
		{heard: 50, began: 50, now: 40 + limit},
	} {
		ours, theirs := tcpPair(t)
		m := &conn{Conn: ours, chat: newTestChat(t)}
		m.out.client, m.out.state = m, collecting
		m.heard.Store(test.heard)
		m.began.Store(test.began)
		m.tick(test.now)
		_, err := ours.Write([]byte("x"))
		require.Equal(t, test.out, errors.Is(err, net.ErrClosed), "%+v: %v", test, err)
		theirs.Close()
	}
}

// newTestChat returns a chat that does not serve.
func newTestChat(t testing.TB, args ...string) *chat {
	cfg, err := parse(args)
	require.NoError(t, err)
	var stdout, stderr console
	c := newChat(cfg, &stdout, &stderr)
	t.Cleanup(func() {
		c.log.close(t.Context())
		c.faults.close(t.Context())
		<-c.log.printed
		<-c.faults.printed
	})
	return c
}

// Rows 8 and 9: neither pongs nor empty fragments make a message endless, and a flood of them takes no memory.
func TestEndlessMessage(t *testing.T) {
	p, c := startOn(t, nil, "-ping", "100ms")
	conn := p.join(t)
	before, began := memory(), time.Now()
	addr := conn.LocalAddr().String()
	_, err := conn.Write([]byte{0x01, 0x80, 0, 0, 0, 0}) // the first fragment
	require.NoError(t, err)
	more := []byte{0x00, 0x80, 0, 0, 0, 0, 0x8a, 0x80, 0, 0, 0, 0} // another, and a pong
	for err == nil {
		_, err = conn.Write(more)
	}
	p.stdout.await(t, "(?m)^No end of a message: "+addr+"\nConnection closed: "+addr+"$")
	requireBetween(t, 200*time.Millisecond, 300*time.Millisecond, began)
	require.Less(t, memory(), before+1<<20)
	require.Equal(t, map[string]float64{"silent": 1}, c.dropped(t))
	p.chats(t)
}

// Row 14: a flood of pings from one that does not read the pongs ends its own connection when the write wait is over, and
// in little memory. The others are served meanwhile.
func TestPingFlood(t *testing.T) {
	p, c := startOn(t, nil, "-write-wait", "300ms")
	other := p.dial(t)
	conn := p.join(t)
	before, began := memory(), time.Now()
	ping := append([]byte{0x89, 0xfd, 0, 0, 0, 0}, make([]byte, 125)...)
	flood := make([]byte, 0, 1000*len(ping))
	for range 1000 {
		flood = append(flood, ping...)
	}
	sent, flooded := 0, make(chan struct{})
	go func() {
		defer close(flooded)
		for {
			n, err := conn.Write(flood)
			if sent += n; err != nil {
				return
			}
		}
	}()
	for served := 0; !isClosed(flooded) || served == 0; served++ {
		other.say(t, "hello")
		require.Equal(t, other.addr+`: "hello"`, other.hear(t))
	}
	p.stdout.await(t, "Connection closed: "+conn.LocalAddr().String())
	t.Logf("%d pings in %v", sent/len(ping), time.Since(began).Round(time.Millisecond))
	requireBetween(t, 300*time.Millisecond, 300*time.Millisecond+linger, began)
	require.Less(t, memory(), before+4<<20, "a small part of it, and most of that is the log")
	require.Equal(t, map[string]float64{"slow": 1}, c.dropped(t))
	p.chats(t)
}

// Row 14, the other side: whoever reads the pongs may go on pinging for as long as it likes. Here are always 64 KiB of them
// on their way at most, which the server holds for a client (maxControl).
func TestManyPingsFromWhoReadsThePongs(t *testing.T) {
	t.Parallel()
	const rounds, each = 100, maxControl / 128
	p := start(t)
	c := p.dial(t)
	pongs := 0
	c.SetPongHandler(func(string) error { pongs++; return nil })
	for round := range rounds {
		for range each {
			require.NoError(t, c.WriteControl(websocket.PingMessage, make([]byte, 125), time.Time{}))
		}
		c.say(t, "next")
		require.Equal(t, c.addr+`: "next"`, c.hear(t))
		require.Equal(t, (round+1)*each, pongs)
	}
}
