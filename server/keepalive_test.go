package main

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// A client that answers its pings stays for as long as it likes; one whose network has gone silent is let go, and that is logged.
func TestPing(t *testing.T) {
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
	require.Greater(t, time.Since(began), 200*time.Millisecond, "not before it is due")
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

// Neither pongs nor empty fragments make a message endless.
func TestEndlessMessage(t *testing.T) {
	p, c := startOn(t, nil, "-ping", "100ms")
	conn := p.join(t)
	addr := conn.LocalAddr().String()
	_, err := conn.Write([]byte{0x01, 0x80, 0, 0, 0, 0}) // the first fragment
	require.NoError(t, err)
	more := []byte{0x00, 0x80, 0, 0, 0, 0, 0x8a, 0x80, 0, 0, 0, 0} // another, and a pong
	for err == nil {
		_, err = conn.Write(more)
	}
	p.stdout.await(t, "(?m)^No end of a message: "+addr+"\nConnection closed: "+addr+"$")
	require.Equal(t, map[string]float64{"silent": 1}, c.dropped(t))
	p.chats(t)
}

// A flood of pings from one that does not read the pongs ends its own connection, in little memory.
func TestPingFlood(t *testing.T) {
	p, c := startOn(t, nil, "-write-wait", "1s")
	conn := p.join(t)
	ping := append([]byte{0x89, 0xfd, 0, 0, 0, 0}, make([]byte, 125)...)
	flood := make([]byte, 0, 1000*len(ping))
	for range 1000 {
		flood = append(flood, ping...)
	}
	var err error
	for err == nil {
		_, err = conn.Write(flood)
	}
	p.stdout.await(t, "Connection closed: "+conn.LocalAddr().String())
	require.Equal(t, map[string]float64{"slow": 1}, c.dropped(t))
	p.chats(t)
}
