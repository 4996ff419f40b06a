package main

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func TestEveryoneHearsTheSenderIncluded(t *testing.T) {
	p := start(t)
	ann, ben, cat := p.dial(t), p.dial(t), p.dial(t)
	ben.say(t, "hello")
	want := ben.addr + `: "hello"`
	for _, c := range []*client{ann, ben, cat} {
		require.Equal(t, want, c.hear(t))
	}
}

// Row 29: the text is escaped, so that nobody can write a line that looks like another's.
func TestTagAndEscaping(t *testing.T) {
	p := start(t)
	c := p.dial(t)
	for text, quoted := range map[string]string{
		"plain":                      `"plain"`,
		"":                           `""`,
		` a "quoted" \ text `:        `" a \"quoted\" \\ text "`,
		"two\nlines\r\tand a tab":    `"two\nlines\r\tand a tab"`,
		"Grüße, 李雷 😀":                `"Grüße, 李雷 😀"`,
		"bell\a escape\x1b zero\x00": `"bell\a escape\x1b zero\x00"`,
		`x" 127.0.0.1:1: "forged`:    `"x\" 127.0.0.1:1: \"forged"`,
	} {
		c.say(t, text)
		require.Equal(t, c.addr+": "+quoted, c.hear(t))
	}
}

func TestMessagesOfAnyLengthArriveWhole(t *testing.T) {
	p := start(t)
	c := p.dial(t)
	overhead := len(c.addr) + len(`: ""`)
	for _, n := range []int{1, 125 - overhead, 126 - overhead, 65535 - overhead, 65536 - overhead, 1 << 20} { // RFC 6455 5.2
		text := strings.Repeat("x", n)
		c.say(t, text)
		require.Equal(t, c.addr+`: "`+text+`"`, c.hear(t))
	}
}

// Row 29: what is logged stays on its line.
func TestLog(t *testing.T) {
	p := start(t, "-name", "Ann O'Brien")
	c := p.dial(t)
	p.stdout.await(t, `(?m)^New connection from Ann O'Brien's Computer: `+c.addr+`$`)
	c.say(t, "two\nlines")
	p.stdout.await(t, `(?m)^From client `+c.addr+` "two\\nlines"$`)
	c.Close()
	p.stdout.await(t, `(?m)^Connection closed: `+c.addr+`$`)
	require.Zero(t, p.end(t))
	require.Len(t, regexp.MustCompile(`\n`).FindAllString(p.stdout.String(), -1), 4)
	require.Empty(t, p.stderr.String())
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	p := start(t, "-quiet")
	p.chats(t)
	require.Zero(t, p.end(t))
	require.Equal(t, "listening on "+p.addr+"\n", p.stdout.String())
}

// Rows 16 and 26: fifty talk at once: everyone hears the same conversation, whole, and each speaker's words in order.
func TestOrderAcrossClients(t *testing.T) {
	const talkers, each = 50, 20
	p := start(t, "-quiet")
	var clients []*client
	for range talkers + 1 {
		clients = append(clients, p.dial(t))
	}
	heard := make([][]string, len(clients))
	var wait sync.WaitGroup
	for i, c := range clients {
		wait.Go(func() {
			for range talkers * each {
				heard[i] = append(heard[i], c.hear(t))
			}
		})
		if i < talkers {
			wait.Go(func() {
				for n := range each {
					c.say(t, fmt.Sprintf("%03d", n))
				}
			})
		}
	}
	wait.Wait()
	next := make(map[string]int)
	for _, line := range heard[0] {
		addr, text, _ := strings.Cut(line, ": ")
		require.Equal(t, fmt.Sprintf(`"%03d"`, next[addr]), text)
		next[addr]++
	}
	for _, h := range heard {
		require.Equal(t, heard[0], h)
	}
}

// Row 27: a thousand join and leave amid the talk, half of them without a goodbye. The welcome is a new client's first
// message however much is being said, and from its joining on it hears all.
func TestWelcomeComesFirst(t *testing.T) {
	t.Parallel()
	p, inside := startOn(t, nil, "-quiet")
	talker, stop, stopped := p.dial(t), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
				talker.say(t, fmt.Sprintf("%06d", n))
				talker.hear(t)
			}
		}
	}()
	for n := range 1000 {
		c := p.dial(t) // which takes the welcome
		first, second := 0, 0
		_, err := fmt.Sscanf(c.hear(t), talker.addr+`: "%d"`, &first)
		require.NoError(t, err)
		_, err = fmt.Sscanf(c.hear(t), talker.addr+`: "%d"`, &second)
		require.NoError(t, err)
		require.Equal(t, first+1, second)
		if n%2 == 0 {
			c.NetConn().(*net.TCPConn).SetLinger(0)
		} else {
			goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			require.NoError(t, c.WriteMessage(websocket.CloseMessage, goodbye))
		}
		c.Close()
	}
	close(stop)
	<-stopped
	require.EqualValues(t, 1001, inside.stats.joined.Load())
	talker.Close()
	inside.awaitNobody(t)
}

// Two hundred clients come and go, with goodbye or without: nothing of them is left, and the chat goes on.
func TestComingAndGoing(t *testing.T) {
	p := start(t)
	listener := p.dial(t)
	for i := range 200 {
		c := p.dial(t)
		if i%2 == 0 {
			goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			require.NoError(t, c.WriteMessage(websocket.CloseMessage, goodbye))
			c.hearClose(t, websocket.CloseNormalClosure)
		}
		c.Close()
		p.stdout.await(t, "Connection closed: "+c.addr+"\n")
	}
	listener.say(t, "alone?")
	require.Equal(t, listener.addr+`: "alone?"`, listener.hear(t))
}

// Row 15: a slow reader is told how many messages it missed. What it hears and what it missed are all there were, and the others
// neither wait nor miss anything.
func TestSlowReader(t *testing.T) {
	const total = 400
	p := start(t, "-quiet", "-keep", "1", "-write-wait", "1m")
	slow, talker := p.dial(t), p.dial(t)
	text := words(64 << 10)
	for range total { // 25 MiB: more than the kernel's buffers take
		talker.say(t, text)
		require.Equal(t, fmt.Sprintf("%s: %q", talker.addr, text), talker.hear(t))
	}
	talker.say(t, "the end")

	heard, missed, gaps := 0, 0, 0
	for {
		line, n := slow.hear(t), 0
		if line == talker.addr+`: "the end"` {
			break
		}
		if _, err := fmt.Sscanf(line, "(%d messages missed)", &n); err == nil {
			missed += n
			gaps++
			continue
		}
		require.Equal(t, fmt.Sprintf("%s: %q", talker.addr, text), line)
		heard++
	}
	require.Equal(t, total, heard+missed)
	require.NotZero(t, gaps)
}

// Without welcome and tag, and with binary messages let in, one client is served as an echo server does.
func TestEcho(t *testing.T) {
	p := start(t, "-welcome=", "-tag=false", "-binary")
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+p.addr, nil)
	require.NoError(t, err)
	defer ws.Close()
	for _, kind := range []int{websocket.TextMessage, websocket.BinaryMessage} {
		for _, text := range []string{"", "one\n\"two\"", "\x00"} {
			require.NoError(t, ws.WriteMessage(kind, []byte(text)))
			gotKind, got, err := ws.ReadMessage()
			require.NoError(t, err)
			require.Equal(t, kind, gotKind)
			require.Equal(t, text, string(got))
		}
	}
}

func TestWelcomeOfOnesOwn(t *testing.T) {
	p := start(t, "-welcome", "hi there")
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+p.addr, nil)
	require.NoError(t, err)
	defer ws.Close()
	_, text, err := ws.ReadMessage()
	require.NoError(t, err)
	require.Equal(t, "hi there", string(text))
}

func TestQuote(t *testing.T) {
	for b := range 256 {
		for _, text := range []string{string([]byte{byte(b)}), "plain " + string(rune(b)) + " text", "é" + string([]byte{byte(b)})} {
			require.Equal(t, strconv.Quote(text), quote([]byte(text)))
		}
	}
	require.Equal(t, `""`, quote(nil))
}

func BenchmarkQuote(b *testing.B) {
	text := []byte(strings.Repeat("plain text ", 50))
	for b.Loop() {
		quote(text)
	}
}
