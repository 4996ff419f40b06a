package main

// What a chat server on an open port meets, and the tests that show what becomes of it: their comments
// name the row. Every test runs with the pump too (TestPump).
//
//	 1  the protocol, by the letter                   TestConformance, FuzzClient
//	 2  a handshake that does not end                 TestHandshakeWait
//	 3  a peer that has gone silent                   TestPing, TestThreeIntervalsAreTheLimit
//	 4  a header that is too large                    TestMaxHeader, TestBadHandshakes
//	 5  handshakes that are none                      TestBadHandshakes, TestPlainGetIsToldWhy
//	 6  a page from elsewhere                         TestOrigin
//	 7  a message that is too long                    TestWhatIsNotAllowed, TestTooLongTakesNoMemory, TestTooLongIsToldToWhoStillTalks
//	 8  a message without an end, pongs between       TestEndlessMessage, TestThreeIntervalsAreTheLimit
//	 9  a flood of empty fragments                    TestEndlessMessage
//	10  control frames against the rules              TestWhatIsNotAllowed
//	11  control frames between fragments              TestFragmentsAreJoinedAndPingsAnswered
//	12  text that is not UTF-8                        TestWhatIsNotAllowed
//	13  the codes of Close                            TestGoodbye, TestGoodbyeOfAGateway, TestWhatIsNotAllowed
//	14  a flood of pings, the pongs not read          TestPingFlood, TestManyPingsFromWhoReadsThePongs
//	15  a client that does not read                   TestSlowReader, TestSlowReaderIsClosed, TestKeepFor, TestWriteWait, TestTwentyLinesAtOnce
//	16  one write at a time                           TestOrderAcrossClients, TestPingsAmidTheCrowd
//	17  no read after an error                        TestNoReadAfterAnError
//	18  a panic                                       TestPanicEndsOneClientAlone
//	19  too many clients                              TestMaxClients
//	20  too many files                                TestFortyFiles, TestTooManyFiles, TestErrorLinesAreLimited
//	21  ten thousand come and go                      TestTenThousandComeAndGo
//	22  a client that dies                            TestDeathIsLoggedOnce
//	23  SIGTERM, SIGINT, twice                        TestSignals, TestSecondSignalEndsAtOnce, TestShutdown, TestShutdownWithAClientThatDoesNotRead
//	24  a port that is taken                          TestPortTaken
//	25  a restart at once                             TestRestartAfterKill, TestShutdown
//	26  one order for all                             TestOrderAcrossClients, TestChaos
//	27  joining and leaving amid the talk             TestWelcomeComesFirst, TestChaos
//	28  a message that inflates                       TestCompressionIsNotOffered
//	29  text that looks like a line of the log        TestLog, TestTagAndEscaping
//	30  a name that cannot be printed                 TestWrongCommandLines
//	31  memory for each connection                    TestMemoryOfAConnection
//	32  all of it, for a while                        TestChaos

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"broadcastlab/testdata/conformance"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// Row 13: the server answers Close with the client's own code, or none if it has none (RFC 6455 5.5.1); what may not be sent ends in 1002.
func TestGoodbye(t *testing.T) {
	p, chat := startOn(t, nil)
	for said, answer := range map[int]int{
		websocket.CloseNormalClosure: websocket.CloseNormalClosure,
		websocket.CloseGoingAway:     websocket.CloseGoingAway,
		4000:                         4000,
		999:                          websocket.CloseProtocolError,
		1005:                         websocket.CloseProtocolError,
		1006:                         websocket.CloseProtocolError,
		1015:                         websocket.CloseProtocolError,
		1016:                         websocket.CloseProtocolError,
	} {
		c := p.dial(t)
		c.say(t, "last words")
		goodbye := []byte{0x88, 0x82, 0, 0, 0, 0, byte(said >> 8), byte(said)}
		_, err := c.NetConn().Write(goodbye)
		require.NoError(t, err)
		require.Equal(t, c.addr+`: "last words"`, c.hear(t), "what was said before is heard before")
		c.hearClose(t, answer)
	}
	require.Equal(t, map[string]float64{"protocol": 5}, chat.dropped(t), "and nobody who said it well")
}

// Close 1014 is registered, though gorilla refuses it: here and there a proxy says it, before a message or amid one.
func TestGoodbyeOfAGateway(t *testing.T) {
	p := start(t, "-welcome=")
	for _, before := range []string{"", "\x01\x81\x00\x00\x00\x00x"} {
		conn, err := conformance.Dial(p.addr)
		require.NoError(t, err)
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		heard := conn.PlayBytes([]byte(before + "\x88\x82\x00\x00\x00\x00\x03\xf6"))
		require.Equal(t, conformance.Heard{Code: 1014}, heard)
	}
}

// Row 15: with -slow close, a client that has fallen behind too far is closed, and the others notice nothing.
func TestSlowReaderIsClosed(t *testing.T) {
	p, c := startOn(t, nil, "-keep", "1", "-slow", "close", "-write-wait", "1m")
	slow, talker := p.dial(t), p.dial(t)
	text := words(64 << 10)
	for range 400 {
		talker.say(t, text)
		require.Equal(t, fmt.Sprintf("%s: %q", talker.addr, text), talker.hear(t))
	}
	require.NoError(t, slow.SetReadDeadline(time.Now().Add(patience)))
	for {
		_, line, err := slow.ReadMessage()
		if err == nil {
			require.Equal(t, fmt.Sprintf("%s: %q", talker.addr, text), string(line))
			continue
		}
		require.True(t, websocket.IsCloseError(err, websocket.ClosePolicyViolation), "%v", err)
		require.Regexp(t, `\d+ messages missed`, err.Error())
		require.Equal(t, map[string]float64{"slow": 1}, c.dropped(t))
		return
	}
}

// Row 15, the other side: whoever is behind by less than -keep misses nothing, though it reads late, for as long as
// -keep-for lets it; and not longer.
func TestKeepFor(t *testing.T) {
	t.Parallel()
	const total = 200
	for _, keepFor := range []time.Duration{0, time.Hour, 200 * time.Millisecond} {
		t.Run(keepFor.String(), func(t *testing.T) {
			t.Parallel()
			p := start(t, "-quiet", "-keep", "67108864", "-keep-for", keepFor.String(), "-write-wait", "1h")
			slow, talker := p.dial(t), p.dial(t)
			text := words(64 << 10) // 12 MiB in all: more than the kernel's buffers take
			said := 0
			for began := time.Now(); said < total || time.Since(began) < 500*time.Millisecond; said++ {
				if said == total {
					text = "short, so that all of them are less than -keep"
				}
				talker.say(t, text)
				talker.hear(t)
			}
			talker.say(t, "the end")
			heard, missed := 0, 0
			for {
				line, n := slow.hear(t), 0
				if strings.HasSuffix(line, `"the end"`) {
					break
				}
				if _, err := fmt.Sscanf(line, "(%d messages missed)", &n); err != nil {
					heard++
				}
				missed += n
			}
			require.Equal(t, said, heard+missed)
			require.Equal(t, keepFor == 200*time.Millisecond, missed > 0, "%d missed", missed)
		})
	}
}

// Row 17: once a read has failed there is no other through gorilla, which would panic at the thousandth: what still comes is
// thrown away by one more, or as many as it takes until the client has ended its half.
func TestNoReadAfterAnError(t *testing.T) {
	for name, last := range map[string]func(*client){
		"the client resets":   func(c *client) { c.NetConn().(*net.TCPConn).SetLinger(0); c.Close() },
		"the client is gone":  func(c *client) { c.Close() },
		"the client has left": func(c *client) { c.WriteMessage(websocket.CloseMessage, nil) },
		"a wrong frame":       func(c *client) { c.NetConn().Write([]byte{0x83, 0x80, 0, 0, 0, 0}); c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			counter := new(readCounter)
			p, inside := startOn(t, func(l net.Listener) net.Listener { counter.Listener = l; return counter })
			c := p.dial(t)
			last(c)
			inside.awaitNobody(t)
			require.LessOrEqual(t, counter.afterError.Load(), int32(1))
			require.Empty(t, p.stderr.String(), "no panic")
		})
	}
}

// A readCounter counts reads from connections that have said once that they are at their end.
type readCounter struct {
	net.Listener
	afterError atomic.Int32
}

func (l *readCounter) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return &countedConn{Conn: conn, counter: l}, err
}

type countedConn struct {
	net.Conn
	counter *readCounter
	failed  atomic.Bool
}

func (c *countedConn) Read(b []byte) (int, error) {
	if c.failed.Load() {
		c.counter.afterError.Add(1)
	}
	n, err := c.Conn.Read(b)
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) { // net/http interrupts its own read like that before it hands over
		c.failed.Store(true)
	}
	return n, err
}

// Row 20: a program that may have 40 files is full after so many clients, says so, and lets others in when they have left.
func TestFortyFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no such limit")
	}
	out := new(console)
	cmd := exec.Command("sh", append([]string{"-c", `ulimit -n 40 && exec "$0" "$@"`, os.Args[0]}, withDefaults(nil)...)...)
	cmd.Env = append(os.Environ(), beServer+"=1")
	cmd.Stdout, cmd.Stderr = out, out
	require.NoError(t, cmd.Start())
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	p := &program{addr: out.await(t, `listening on (\S+)\n`)}
	inside := p.dial(t)
	var waiting []net.Conn
	for range 60 { // the kernel takes them all; the program does not
		waiting = append(waiting, p.raw(t, shake))
	}
	out.await(t, "too many open files; retrying in 5ms\n")
	inside.say(t, "still here")
	require.Equal(t, inside.addr+`: "still here"`, inside.hear(t))
	began := time.Now()
	for _, conn := range waiting {
		conn.Close()
	}
	p.chats(t)
	requireBetween(t, 0, time.Second, began) // the longest pause between two attempts
}

// Row 15: twenty lines pasted at once arrive, at those who read and at one who does so late.
func TestTwentyLinesAtOnce(t *testing.T) {
	p := start(t)
	late, talker := p.dial(t), p.dial(t)
	text := words(100_000)
	for range 20 {
		talker.say(t, text)
	}
	for _, c := range []*client{talker, late} {
		for range 20 {
			require.Equal(t, fmt.Sprintf("%s: %q", talker.addr, text), c.hear(t))
		}
	}
}

// Row 22: a client that dies without a word has left, once.
func TestDeathIsLoggedOnce(t *testing.T) {
	p := start(t)
	conn := p.join(t)
	addr := conn.LocalAddr().String()
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
	p.stdout.await(t, "Connection closed: "+addr)
	p.end(t)
	require.Equal(t, 1, strings.Count(p.stdout.String(), "Connection closed: "+addr))
}

// Row 25: nothing that a dead server leaves behind keeps the next one from its port.
func TestRestartAfterKill(t *testing.T) {
	cmd, out := process(t)
	p := &program{addr: out.await(t, `listening on (\S+)\n`)}
	p.dial(t)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	start(t, "-addr", p.addr).chats(t)
}

func TestLogForMachines(t *testing.T) {
	t.Parallel()
	p := start(t, "-log", "json", "-max-clients", "1")
	p.stdout.await(t, `"msg":"listening on `+p.addr+`"`)
	c := p.dial(t)
	c.say(t, "two\nlines")
	c.hear(t)
	p.end(t)
	for line := range strings.Lines(p.stdout.String()) {
		var record struct{ Level, Msg, Client string }
		require.NoError(t, json.Unmarshal([]byte(line), &record), line)
		require.Equal(t, "INFO", record.Level)
		if strings.HasPrefix(record.Msg, "From client") {
			require.Equal(t, `From client `+c.addr+` "two\nlines"`, record.Msg)
			require.Equal(t, c.addr, record.Client)
		}
	}
	require.Contains(t, p.stdout.String(), "From client")
}

// For machines a line is JSON even where it stands for those that are missing.
func TestMissingLinesForMachines(t *testing.T) {
	slow := &stuck{first: make(chan string, 1), free: make(chan struct{})}
	var out console
	j := newJournal(io.MultiWriter(slow, &out), true)
	j.note("first")
	<-slow.first
	for range 2 * journalKeep / (64 << 10) { // more than is kept
		j.note(words(64 << 10))
	}
	close(slow.free)
	l := &limiter{journal: j, second: time.Now().Add(time.Hour)}
	errors := slog.New(slog.NewJSONHandler(l, nil))
	for range maxErrorLines + 1 {
		errors.Error("oops")
	}
	l.second = time.Time{}
	errors.Error("oops")
	j.close(t.Context())
	for line := range strings.Lines(out.String()) {
		require.True(t, json.Valid([]byte(line)), "%.200s", line)
	}
	require.Regexp(t, `"level":"INFO","msg":"broadcast: \d+ messages missed"}`, out.String())
	require.Contains(t, out.String(), `"level":"INFO","msg":"(1 lines left out)"}`)
}

// Whoever looks at the metrics sees who is in, what was said, and who is behind.
func TestMetrics(t *testing.T) {
	p := start(t, "-metrics", "127.0.0.1:0")
	url := p.stdout.await(t, `metrics on (\S+)/metrics`)
	get := func(path string) string {
		response, err := http.Get(url + path)
		require.NoError(t, err)
		defer http.DefaultClient.CloseIdleConnections()
		defer response.Body.Close()
		require.Equal(t, http.StatusOK, response.StatusCode)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return string(body)
	}
	ann, ben := p.dial(t), p.dial(t)
	for n := range 10 {
		ann.say(t, fmt.Sprint(n))
		ann.hear(t)
		ben.hear(t)
	}
	page := get("/metrics")
	for _, line := range []string{
		"chat_clients 2", "chat_clients_joined_total 2", "chat_messages_total 10", "chat_clients_behind 0",
		"chat_lag_messages 0", "chat_messages_missed_total 0", `chat_clients_dropped_total{reason="full"} 0`,
	} {
		require.Regexp(t, `(?m)^`+regexp.QuoteMeta(line)+`$`, page)
	}
	require.Regexp(t, `(?m)^chat_writes_total 2\d$`, page, "two handshakes, and ten messages to two")
	require.Regexp(t, `(?m)^chat_sent_bytes_total \d{3}`, page)
	require.Contains(t, get("/debug/pprof/goroutine?debug=1"), "goroutine profile")
	require.Contains(t, get("/debug/pprof/cmdline"), os.Args[0])
	require.Equal(t, "num_symbols: 1\n", get("/debug/pprof/symbol"))
	require.NotEmpty(t, get("/debug/pprof/trace?seconds=0.01"))

	status, _, stderr := call(t, "-addr", "127.0.0.1:0", "-metrics", p.addr)
	require.Equal(t, 1, status)
	require.Contains(t, stderr, p.addr)
	require.Contains(t, stderr, "hint: or take any free port:  -metrics 127.0.0.1:0\n")
}

// A stuck standard error holds up nobody: what cannot be printed waits, and in the end is left out.
func TestErrorsWaitForNobody(t *testing.T) {
	stderr := &stuck{first: make(chan string, 1), free: make(chan struct{})}
	cfg, err := parse(nil)
	require.NoError(t, err)
	var stdout console
	c := newChat(cfg, &stdout, stderr)
	for range 100 {
		c.errors.Print("oops")
	}
	require.Equal(t, "oops", strings.TrimSpace((<-stderr.first)[:5]))
	close(stderr.free)
	c.log.close(t.Context())
	c.faults.close(t.Context())
}

// What the system says of a connection that is gone is no error of the server's.
func TestWriteToAConnectionThatIsGone(t *testing.T) {
	ours, theirs := tcpPair(t)
	d := newDirect(ours, func() {})
	if d == nil {
		t.Skip("there is no direct way here")
	}
	n, err := d.write([]byte("hello"))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	theirs.(*net.TCPConn).SetLinger(0)
	theirs.Close()
	for err == nil {
		_, err = d.write([]byte("hello"))
	}
	require.True(t, errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET), "%v", err)
}

// tcpPair returns both ends of a connection.
func tcpPair(t testing.TB) (ours, theirs net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	theirs, err = net.DialTimeout("tcp", listener.Addr().String(), patience)
	require.NoError(t, err)
	ours, err = listener.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	return ours, theirs
}

// newTestClient returns a client that is in without a handshake, and the other end of its connection.
func newTestClient(t *testing.T, args ...string) (m *conn, theirs net.Conn) {
	t.Helper()
	m = &conn{chat: newTestChat(t, append(args, "-writer", "direct")...)}
	m.out = outbox{client: m, cursor: *m.chat.said.Reader()}
	ours, theirs := tcpPair(t)
	m.take(ours)
	return m, theirs
}

// newDirectClient is newTestClient where there is a direct way; elsewhere the test is skipped.
func newDirectClient(t *testing.T) (m *conn, theirs net.Conn) {
	t.Helper()
	m, theirs = newTestClient(t)
	if m.direct == nil {
		t.Skip("there is no direct way here")
	}
	return m, theirs
}

// beforeDirect has f called before each write to m that does not wait.
func (m *conn) beforeDirect(f func()) {
	m.out.mu.Lock()
	defer m.out.mu.Unlock()
	write := m.out.direct
	m.out.direct = func(piece []byte) (int, error) {
		f()
		return write(piece)
	}
}

// Nobody writes to a socket that is closed: its number may be another's by then.
func TestNothingIsWrittenToAClosedSocket(t *testing.T) {
	m, _ := newDirectClient(t)
	c := m.chat
	m.out.start()
	writing, mayWrite, closed := make(chan struct{}), make(chan struct{}), make(chan struct{})
	m.beforeDirect(func() { close(writing); <-mayWrite })
	c.said.Publish([]byte("hello"))
	go m.out.flush(c.said.Count())
	<-writing
	go func() { defer close(closed); m.Close() }()
	require.NoError(t, m.Conn.SetDeadline(time.Now()), "still open: somebody writes")
	close(mayWrite)
	<-closed
	require.ErrorIs(t, m.Conn.SetDeadline(time.Now()), net.ErrClosed)
	require.EqualValues(t, len("hello"), c.stats.bytes.Load())

	c.said.Publish([]byte("more"))
	m.out.flush(c.said.Count()) // would close writing once more
	require.NoError(t, m.out.add([]byte("control")))
	require.EqualValues(t, len("hello"), c.stats.bytes.Load())
}

// A pump whose connection is closed under it ends, and so does who waits for it.
func TestCloseEndsThePump(t *testing.T) {
	m, _ := newTestClient(t, "-keep", "67108864", "-write-wait", "1h")
	c := m.chat
	m.out.start()
	for range 20 { // 20 MiB: more than the kernel's buffers take
		c.said.Publish([]byte(words(1 << 20)))
	}
	m.out.flush(c.said.Count())
	finished := make(chan struct{})
	go func() { defer close(finished); m.out.finish() }()
	m.Close()
	<-finished
	c.gone.Wait()
	require.Equal(t, over, m.out.state)
	require.Empty(t, c.dropped(t), "it was not slow")
}

// What the kernel does not take at once arrives all the same, whole and in order, and a Close behind it.
func TestOutboxOfASlowClient(t *testing.T) {
	m, theirs := newTestClient(t, "-keep", "67108864")
	c := m.chat
	m.out.start()
	text := words(1 << 20)
	for range 20 {
		c.said.Publish([]byte(text))
		m.out.flush(c.said.Count())
	}
	m.out.mu.Lock()
	require.Equal(t, pumping, m.out.state)
	m.out.mu.Unlock()
	finished := make(chan struct{})
	go func() { defer close(finished); m.out.close([]byte("goodbye")); m.out.finish() }()
	require.NoError(t, theirs.SetReadDeadline(time.Now().Add(patience)))
	got, err := io.ReadAll(theirs)
	require.NoError(t, err)
	<-finished
	c.gone.Wait()
	require.True(t, strings.HasPrefix(string(got), text))
	require.True(t, strings.HasSuffix(string(got), "goodbye"))
	require.Zero(t, (len(got)-len("goodbye"))%len(text), "no message is torn")
	require.Equal(t, over, m.out.state)
}

// While a pass writes to one client, others talk on. It does not stay with that client for what they say, which they will
// bring themselves, but brings whatever was said before, in as many pieces as it takes.
func TestPassDoesNotStayWithOneClient(t *testing.T) {
	m, theirs := newDirectClient(t)
	c := m.chat
	m.beforeDirect(func() { c.said.Publish([]byte("more")) })
	m.out.start()
	c.said.Publish([]byte("first"))
	m.out.flush(c.said.Count())
	require.EqualValues(t, 1, c.stats.writes.Load())
	require.EqualValues(t, 1, m.out.cursor.Lag())

	long := words(100_000)
	for range 3 {
		c.said.Publish([]byte(long))
	}
	m.out.flush(c.said.Count())
	want := "firstmore" + long + long + long
	got := make([]byte, len(want))
	require.NoError(t, theirs.SetReadDeadline(time.Now().Add(patience)))
	_, err := io.ReadFull(theirs, got)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}

// A try that the kernel takes nothing of is no write. The pump's is.
func TestWriteOfNothingIsNotCounted(t *testing.T) {
	m, _ := newDirectClient(t)
	c := m.chat
	m.out.direct = func([]byte) (int, error) { return 0, nil } // full
	m.out.start()
	c.said.Publish([]byte("hello"))
	m.out.flush(c.said.Count())
	c.gone.Wait()
	require.EqualValues(t, 1, c.stats.writes.Load())
	require.EqualValues(t, len("hello"), c.stats.bytes.Load())
}

// Whoever says goodbye after many words hears all of them first, however late it begins to read.
func TestAllIsHeardBeforeTheGoodbye(t *testing.T) {
	const total = 400
	p := start(t, "-quiet", "-keep", "67108864")
	c := p.dial(t)
	text := words(64 << 10)
	for range total { // 25 MiB: more than the kernel's buffers take
		c.say(t, text)
	}
	goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	require.NoError(t, c.WriteMessage(websocket.CloseMessage, goodbye))
	for range total {
		require.Equal(t, fmt.Sprintf("%s: %q", c.addr, text), c.hear(t))
	}
	c.hearClose(t, websocket.CloseNormalClosure)
}
