package main

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// A crowd is many cheap clients of one server: members, who keep the rules and keep account, and rowdies.
type crowd struct {
	addr    string
	turns   <-chan time.Time // whoever takes one says one thing
	over    chan struct{}    // closed when nobody is to talk any more
	longest time.Duration    // that a guest or a rowdy stays
	texts   atomic.Uint64    // said; no two are the same
	joined  atomic.Uint64    // members and rowdies

	mu    sync.Mutex // guards what follows
	stays []stay     // of members that have left
	err   error      // the first that a member met
}

// A stay is what one member heard from its coming to its leaving.
type stay struct {
	resident bool
	heard    int
	first    uint64   // the first message, hashed
	sum      uint64   // of all, in their order
	all      []uint64 // every message, if the member records them
}

// hear adds a message.
func (s *stay) hear(hash uint64) {
	if s.heard == 0 {
		s.first = hash
	}
	s.heard++
	s.sum = s.sum*31 + hash
}

// check compares what all members heard with what the resident heard that recorded it. Each of them heard a part of it,
// from its coming to its leaving, without a gap and in the same order; and the residents heard all of it.
func (c *crowd) check(t *testing.T) {
	t.Helper()
	t.Logf("%d clients came, and said %d texts", c.joined.Load(), c.texts.Load())
	require.NoError(t, c.err)
	var all []uint64
	for _, s := range c.stays {
		if s.all != nil {
			all = s.all
		}
	}
	require.NotEmpty(t, all)
	at := make(map[uint64]int, len(all))
	for i, hash := range all {
		_, twice := at[hash]
		require.False(t, twice, "a message is heard twice")
		at[hash] = i
	}
	heard := 0
	for _, s := range c.stays {
		heard += s.heard
		if s.resident {
			require.Equal(t, len(all), s.heard, "residents hear all that is said")
		}
		if s.heard == 0 {
			continue
		}
		first, found := at[s.first]
		require.True(t, found, "all hear the same")
		require.LessOrEqual(t, first+s.heard, len(all))
		var same stay
		for _, hash := range all[first : first+s.heard] {
			same.hear(hash)
		}
		require.Equal(t, same.sum, s.sum, "all hear it in the same order, without a gap")
	}
	t.Logf("%d messages were heard, by %d members, %d times in all", len(all), len(c.stays), heard)
}

// turn waits for a turn to talk, and reports whether there is one before enough.
func (c *crowd) turn(enough <-chan time.Time) bool {
	if isClosed(c.over) {
		return false
	}
	select {
	case <-c.turns:
		return true
	case <-enough:
	case <-c.over:
	}
	return false
}

// text returns one that nobody has said yet.
func (c *crowd) text(long bool) string {
	text := fmt.Sprintf("number %d ", c.texts.Add(1))
	if long {
		text += words(10_000)
	}
	return text
}

// A member is a client that reads at once, and talks when it is its turn.
type member struct {
	*websocket.Conn
	addr    string        // as the server sees it
	stay    stay          // of listen, until it has ended
	echoes  chan string   // what it said, as it comes back
	ended   chan struct{} // closed when listen returns
	leaving atomic.Bool   // listen is to end
}

// join lets a member in, for not longer than that, and takes the welcome.
func (c *crowd) join(atMost time.Duration) (*member, error) {
	dialer := websocket.Dialer{ReadBufferSize: 1 << 10, WriteBufferSize: 1 << 10, HandshakeTimeout: patience}
	ws, _, err := dialer.Dial("ws://"+c.addr, nil)
	if err != nil {
		return nil, err
	}
	c.joined.Add(1)
	ws.SetReadDeadline(time.Now().Add(atMost))
	m := &member{Conn: ws, addr: ws.LocalAddr().String(), echoes: make(chan string, 1), ended: make(chan struct{})}
	if _, welcome, err := ws.ReadMessage(); err != nil || string(welcome) != defaultWelcome {
		ws.Close()
		return nil, fmt.Errorf("%s: %q instead of the welcome, %w", m.addr, welcome, err)
	}
	return m, nil
}

var hashSeed = maphash.MakeSeed()

// listen hears what is said until m leaves.
func (c *crowd) listen(m *member) {
	defer close(m.ended)
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.stays = append(c.stays, m.stay)
	}()
	mine := []byte(m.addr + ": ")
	for {
		_, text, err := m.ReadMessage()
		if err == nil && bytes.HasSuffix(text, []byte("messages missed)")) {
			err = fmt.Errorf("fell behind: %s", text)
		}
		if err != nil {
			c.fail(m, err)
			return
		}
		hash := maphash.Bytes(hashSeed, text)
		m.stay.hear(hash)
		if m.stay.all != nil {
			m.stay.all = append(m.stay.all, hash)
		}
		if bytes.HasPrefix(text, mine) {
			select {
			case m.echoes <- string(text):
			default:
				c.fail(m, fmt.Errorf("heard what it has not said: %.100s", text))
				return
			}
		}
	}
}

// fail notes that m met an error, unless it has brought that about itself.
func (c *crowd) fail(m *member, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil && !m.leaving.Load() {
		c.err = fmt.Errorf("%s: %w", m.addr, err)
	}
}

// talk says one thing after the other, each when its turn has come and the one before has come back.
func (c *crowd) talk(m *member, random *rand.Rand, enough <-chan time.Time) {
	for c.turn(enough) {
		text := c.text(random.IntN(20) == 0)
		if m.WriteMessage(websocket.TextMessage, []byte(text)) != nil {
			return // listen knows why
		}
		select {
		case echo := <-m.echoes:
			if want := fmt.Sprintf("%s: %q", m.addr, text); echo != want {
				c.fail(m, fmt.Errorf("heard %.100s instead of %.100s", echo, want))
				return
			}
		case <-m.ended:
			return
		}
	}
}

// leave is the end of m: it says goodbye and hears what was said before, or resets the connection.
func (m *member) leave(reset bool) {
	m.leaving.Store(true)
	if reset {
		m.NetConn().(*net.TCPConn).SetLinger(0)
	} else {
		m.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
		<-m.ended
	}
	m.Close()
	<-m.ended
}

// visit is one member that stays for a while.
func (c *crowd) visit(random *rand.Rand) {
	m, err := c.join(c.longest + patience)
	if err != nil {
		c.fail(new(member), err)
		return
	}
	var listening sync.WaitGroup
	listening.Go(func() { c.listen(m) })
	c.talk(m, random, time.After(c.while(random)))
	m.leave(random.IntN(2) == 0)
	listening.Wait()
}

// while is some time, at most longest.
func (c *crowd) while(random *rand.Rand) time.Duration {
	return time.Duration(random.Int64N(int64(c.longest)))
}

// riot is one client who means no good, or does not know better.
func (c *crowd) riot(random *rand.Rand) {
	enough := time.After(c.while(random))
	conn, err := net.Dial("tcp", c.addr)
	if err != nil {
		return
	}
	c.joined.Add(1)
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(c.longest + time.Second))
	garbage := make([]byte, random.IntN(1000))
	for i := range garbage {
		garbage[i] = byte(random.Uint32())
	}
	switch random.IntN(7) {
	case 0: // no handshake
		conn.Write(garbage)
		return
	case 1: // no end of it
		conn.Write([]byte(shake)[:random.IntN(len(shake))])
		return
	}
	conn.Write([]byte(shake))
	conn.Read(make([]byte, 1000))
	switch random.IntN(5) {
	case 0: // talks, and leaves by the rules
		for n := random.IntN(20); n > 0 && c.turn(enough); n-- {
			conn.Write(maskedText(c.text(false)))
		}
		conn.Write([]byte{0x88, 0x80, 0, 0, 0, 0})
		for b := make([]byte, 10_000); err == nil; {
			_, err = conn.Read(b)
		}
	case 1: // talks, and is gone
		for n := random.IntN(20); n > 0 && c.turn(enough); n-- {
			conn.Write(maskedText(c.text(false)))
		}
		conn.(*net.TCPConn).SetLinger(0)
	case 2:
		conn.Write(garbage)
		conn.Read(make([]byte, 10_000))
	case 3: // stalls
		conn.(*net.TCPConn).SetReadBuffer(1000)
		select {
		case <-enough:
		case <-c.over:
		}
	case 4: // talks a lot, and does not listen
		for n := 50; n > 0 && c.turn(enough); n-- {
			conn.Write(maskedText(c.text(true)))
		}
	}
}

// maskedText is a frame as a client has it. A mask of zeros changes nothing.
func maskedText(text string) []byte {
	head := []byte{0x81, 0x80 | byte(min(len(text), 126))}
	if len(text) > 125 {
		head = append(head, byte(len(text)>>8), byte(len(text)))
	}
	return append(append(head, 0, 0, 0, 0), text...)
}

// repeat lets one client after the other act, with pauses, until the chat is over.
func (c *crowd) repeat(random *rand.Rand, act func(*rand.Rand)) {
	for {
		select {
		case <-time.After(c.while(random) / 4):
			act(random)
		case <-c.over:
			return
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
