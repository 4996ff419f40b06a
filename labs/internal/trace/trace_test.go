package trace

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/report"
	"broadcastlab/labs/internal/wire"
)

// fits wants the lines to have one for each pattern, in this order.
func fits(t *testing.T, lines []string, patterns ...string) {
	t.Helper()
	from := 0
	for _, p := range patterns {
		i := slices.IndexFunc(lines[from:], regexp.MustCompile(p).MatchString)
		require.GreaterOrEqual(t, i, 0, "no line fits %s after line %d of\n%s", p, from, strings.Join(lines, "\n"))
		from += i + 1
	}
}

func TestHandshakeAndMessage(t *testing.T) {
	s := begin(t, Job{Submission: submission(t)}, nil)
	s.until(`ben:\d+ → server:8080 +GET /`)
	s.until(`server:8080 → ben:\d+ +HTTP/1.1 101`)
	s.types("plum 4f2c\n")
	s.until(`ben +prints .*plum 4f2c`)
	require.NoError(t, s.input.Close())
	lines := s.rest()
	require.Equal(t, report.StatusPass, s.status)

	fits(t, lines,
		`^ +0\.\d{3}  server +starts +go run ./server -addr 127\.0\.0\.1:8080`,
		`ann +starts`,
		`ann:\d+ → server:8080 +SYN `,
		`server:8080 → ann:\d+ +SYN\+ACK `,
		`ann:\d+ → server:8080 +GET / HTTP/1\.1`,
		`^ +Upgrade: websocket`,
		`^ +Sec-WebSocket-Key: `,
		`server:8080 → ann:\d+ +HTTP/1\.1 101 `,
		`^ +Sec-WebSocket-Accept: \S+ +← SHA-1 of the key`,
		`ben +starts`,
		`ben:\d+ → server:8080 +SYN `,
		`ann +types +plum 4f2c`,
		`ann:\d+ → server:8080 +text  FIN  9 bytes  "plum 4f2c"   81 89 …   masked with( [0-9a-f]{2}){4}$`,
		`ann:\d+ → server:8080 +(close|FIN)`,
		`ann +ends +exit status 0`,
		`ben +ends`,
		`server +ends`)
	// The answers to both stand between the message and what both print, in either order.
	for _, who := range []string{"ann", "ben"} {
		fits(t, lines,
			`masked with`,
			`server:8080 → `+who+`:\d+ +text  FIN .*plum 4f2c.* not masked`,
			who+` +prints .*plum 4f2c`)
	}
	keys := regexp.MustCompile(`Sec-WebSocket-(?:Key|Accept): (\S+)`).FindAllStringSubmatch(strings.Join(lines, "\n"), -1)
	require.Len(t, keys, 4)
	require.Equal(t, wire.AcceptKey(keys[0][1]), keys[1][1])
}

// The server listens on 2000, the clients go to 8080.
func TestRefused(t *testing.T) {
	sub := submission(t)
	sub.Server.Run = []string{sub.Server.Run[0], "-addr", "127.0.0.1:2000"}
	lines := begin(t, Job{Submission: sub}, nil).rest()
	fits(t, lines,
		`server +prints +listening on 127\.0\.0\.1:2000`,
		`ann:\d+ → server:8080 +SYN `,
		`server:8080 → ann:\d+ +RST +← refused`,
		`ann +ends +exit status 1`)
	require.NotContains(t, strings.Join(lines, "\n"), "ben")
}

// A command is run as it is, its output made visible, in order, and told after what crossed before.
func TestCommand(t *testing.T) {
	s := begin(t, Job{Command: []string{"sh", "-c", `read x; printf 'got %s\033[2J\n' "$x"; echo no >&2; printf end; exit 3`}}, nil)
	s.types("plum\n")
	lines := s.rest()
	require.Equal(t, report.StatusPass, s.status)
	fits(t, lines,
		`sh +starts +sh -c read x`,
		`sh +prints +got plum␛\[2J$`,
		`sh +prints +no$`,
		`sh +prints +end$`,
		`sh +ends +exit status 3$`)
}

func TestCommandThatIsNotThere(t *testing.T) {
	s := begin(t, Job{Command: []string{"no-such-command"}}, nil)
	fits(t, s.rest(), `lab: start "no-such-command": .*not found`)
	require.Equal(t, report.StatusUnjudged, s.status)
}

// Cancelled, the trace ends the programs the gentle way, and what that brings is told.
func TestCancel(t *testing.T) {
	s := begin(t, Job{Submission: submission(t)}, nil)
	s.until(`server:8080 → ben:\d+ +HTTP/1.1 101`)
	s.cancel()
	lines := s.rest()
	require.Equal(t, report.StatusPass, s.status)
	fits(t, lines, `ben +ends +exit status 0`, `ann +ends +exit status 0`, `server +ends`)
}

// A file that cannot take the packets ends the trace.
func TestPcapThatCannotBeWritten(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	s := begin(t, Job{Command: []string{"true"}}, full)
	fits(t, s.rest(), `lab: write pcap: .*no space left on device`)
	require.Equal(t, report.StatusUnjudged, s.status)
}
