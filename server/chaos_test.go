package main

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"broadcastlab/testdata/leak"
)

// Clients join, leave, talk, stall, reset and send garbage at random, and all along a few others chat by the rules: these
// hear everything in one order, and at the end everyone is sent home in time and nothing is left.
// BROADCASTLAB_CHAOS=10m makes it last longer than 2 s.
func TestChaos(t *testing.T) {
	length, err := time.ParseDuration(cmp.Or(os.Getenv("BROADCASTLAB_CHAOS"), "2s"))
	require.NoError(t, err)
	goroutines := runtime.NumGoroutine()
	p := start(t, "-quiet", "-write-wait", "1s", "-ping", "1s", "-keep", fmt.Sprint(256<<20))
	const members, rowdies = 5, 20
	steady := make([]*member, members)
	for i := range steady {
		steady[i] = &member{client: p.dial(t), echo: make(chan struct{}, 1), ended: make(chan struct{}), next: make(map[string]int)}
		require.NoError(t, steady[i].SetReadDeadline(time.Now().Add(length+patience)))
	}
	stop := make(chan struct{})
	var hearing, talking, rioting sync.WaitGroup
	for _, m := range steady {
		hearing.Go(m.listen)
		talking.Go(func() { m.talk(stop) })
	}
	for range rowdies {
		rioting.Go(func() {
			for !isClosed(stop) {
				riot(p.addr, stop)
			}
		})
	}
	<-time.After(length)
	close(stop)
	talking.Wait()
	rioting.Wait()
	began := time.Now()
	require.Zero(t, p.end(t))
	require.Less(t, time.Since(began), 5*time.Second)
	hearing.Wait()
	for _, m := range steady {
		require.NoError(t, m.err)
		require.Equal(t, steady[0].heard, m.heard)
		require.Equal(t, steady[0].sum, m.sum, "all hear the same, in the same order")
		require.Equal(t, m.said, m.next[m.addr], "and all of it")
		m.Close()
	}
	t.Logf("%d messages heard by each", steady[0].heard)
	require.True(t, leak.Settles(goroutines, patience))
}

// A member keeps up, and keeps account.
type member struct {
	*client
	echo  chan struct{} // its own last words have come back
	ended chan struct{} // closed when listen returns
	said  int

	// What listen found.
	heard int
	sum   uint64         // of all texts, in their order
	next  map[string]int // by address, what the members say next
	err   error
}

// talk says one number after the other, each as soon as the one before has come back.
func (m *member) talk(stop <-chan struct{}) {
	for !isClosed(stop) {
		if m.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, "number %d", m.said)) != nil {
			return // listen knows why
		}
		m.said++
		select {
		case <-m.echo:
		case <-m.ended:
			return
		}
	}
}

// listen hears all until the server says goodbye.
func (m *member) listen() {
	defer close(m.ended)
	sum := fnv.New64a()
	for {
		_, text, err := m.ReadMessage()
		if websocket.IsCloseError(err, websocket.CloseGoingAway) {
			m.sum = sum.Sum64()
			return
		}
		if err != nil {
			m.err = err
			return
		}
		if strings.HasSuffix(string(text), "messages missed)") {
			m.err = fmt.Errorf("fell behind: %s", text)
			return
		}
		m.heard++
		sum.Write(text)
		addr, said, _ := strings.Cut(string(text), ": ")
		n := 0
		if _, err := fmt.Sscanf(said, `"number %d"`, &n); err != nil {
			continue // a rowdy
		}
		if n != m.next[addr] {
			m.err = fmt.Errorf("%s: number %d after %d", addr, n, m.next[addr]-1)
			return
		}
		m.next[addr]++
		if addr == m.addr {
			m.echo <- struct{}{}
		}
	}
}

// riot is one client who means no good, or does not know better.
func riot(addr string, stop <-chan struct{}) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(2 * time.Second))
	garbage := make([]byte, rand.IntN(1000))
	for i := range garbage {
		garbage[i] = byte(rand.Uint32())
	}
	hello := append([]byte{0x81, 0x85, 0, 0, 0, 0}, "hello"...)
	switch rand.IntN(7) {
	case 0: // no handshake
		conn.Write(garbage)
		return
	case 1: // no end of it
		conn.Write([]byte(shake)[:rand.IntN(len(shake))])
		return
	}
	conn.Write([]byte(shake))
	conn.Read(make([]byte, 1000))
	switch rand.IntN(5) {
	case 0: // talks, and leaves by the rules
		for range rand.IntN(20) {
			conn.Write(hello)
		}
		conn.Write([]byte{0x88, 0x80, 0, 0, 0, 0})
		for err == nil {
			_, err = conn.Read(make([]byte, 10_000))
		}
	case 1: // talks, and is gone
		for range rand.IntN(20) {
			conn.Write(hello)
		}
		conn.(*net.TCPConn).SetLinger(0)
	case 2:
		conn.Write(garbage)
		conn.Read(make([]byte, 10_000))
	case 3: // stalls
		conn.(*net.TCPConn).SetReadBuffer(1000)
		select {
		case <-stop:
		case <-time.After(time.Duration(rand.IntN(3000)) * time.Millisecond):
		}
	case 4: // talks a lot, and does not listen
		for range 50 {
			conn.Write(append([]byte{0x81, 0xfe, 0x27, 0x10, 0, 0, 0, 0}, words(10_002)[:10_000]...))
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
