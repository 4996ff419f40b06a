package harness

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestByHand(t *testing.T) {
	for name, tt := range map[string]struct {
		script string
		want   []string
	}{
		"who says nothing comes before those whom he may hold up": {
			"host hub\nraw silent\npeer ann\npeer ben\nhears -within 10ms ann plum",
			[]string{"chatd HOST:PORT", "nc HOST PORT    and say nothing", "chat ws://HOST:PORT    in 2 terminals"}},
		"and behind those who were there": {
			"host hub\npeer ann\nraw silent\nhears -within 10ms ann plum",
			[]string{"chatd HOST:PORT", "chat ws://HOST:PORT    in 2 terminals", "nc HOST PORT    and say nothing"}},
		"who asks for a page": {
			"host hub\nraw page\nsay -e page 'GET / HTTP/1.1\\r\\nHost: chat\\r\\n\\r\\n'\nhears -within 100ms page plum",
			[]string{"chatd HOST:PORT", "curl -si --max-time 2 http://HOST:PORT/", "chat ws://HOST:PORT    in 2 terminals"}},
		"a peer that could not connect": {
			"peer ann\njoins ann", []string{"chat ws://HOST:PORT"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := fake("deaf")
			s.Server = Program{Run: []string{"chatd", "$ADDR"}}
			s.Client.Shown = []string{"chat", "$URL"}
			v := judged(t, s, tt.script)
			require.Equal(t, labs.Fail, v.Outcome, "%s\n%s", v.Why, v.Log)
			told := regexp.MustCompile(`127\.0\.0\.1([: ])\d+`).ReplaceAllString(strings.Join(v.Failure.ByHand, "\n"), "HOST${1}PORT")
			require.Equal(t, strings.Join(tt.want, "\n"), told)
		})
	}
}

// TestWhoFailedComesFirst: a report keeps only the first facts and commands.
func TestWhoFailedComesFirst(t *testing.T) {
	v := judged(t, fake("crash"), "client -url ws://127.0.0.1:1 ann\nexits ann 1\nclient -url ws://127.0.0.1:2 ben\nexits ben 1\nclient -url '' cat\nexits cat 0")
	require.Equal(t, labs.Fail, v.Outcome, "%s\n%s", v.Why, v.Log)
	require.Len(t, v.Failure.Facts, 3)
	require.True(t, strings.HasPrefix(v.Failure.Facts[0], "cat ended"), v.Failure.Facts[0])
}

// TestStartedAsTyped: an argument that is empty is seen.
func TestStartedAsTyped(t *testing.T) {
	s := Submission{Client: Program{Run: []string{os.Args[0], "fake", "crash"}, Shown: []string{"./cli.sh", "$URL"}}}
	v := judged(t, s, "client -url ws://127.0.0.1:1 ann\nexits ann 1\nclient -url '' ben\nexits ben 0")
	require.Equal(t, []string{"./cli.sh ''", "./cli.sh ws://127.0.0.1:1"}, v.Failure.ByHand)
	require.True(t, slices.ContainsFunc(v.Transcript, func(e labs.Event) bool { return e.Kind == labs.Started && e.Text == "./cli.sh ''" }))
}

func TestTyping(t *testing.T) {
	require.Equal(t, "and type    Plum a0", typing("Plum a0"))
	for _, text := range []string{"", "two\nlines", "GET / HTTP/1.1\r\n\r\n", strings.Repeat("long ", 20)} {
		require.Empty(t, typing(text), text)
	}
}

// TestStackTraceIsNotTyped: nobody has said what a program prints when it breaks down.
func TestStackTraceIsNotTyped(t *testing.T) {
	c := testCheck(t)
	c.t.ear("ann")
	hear(c.t, "ann", "panic: dial tcp 127.0.0.1:8080: connect: connection refused")
	f := failureOf(t, c.noTrace("ann"))
	require.Empty(t, f.ByHand)
	require.Len(t, f.Excerpt, 1)
}
