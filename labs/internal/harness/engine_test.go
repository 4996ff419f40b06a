package harness

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestLint(t *testing.T) {
	for _, c := range []struct {
		name, script string
		line         int
		wrong        string // empty: nothing
	}{
		{"a check", "# required: It is heard.\n\nserver\npeer ann\n! hears ann x\n", 0, ""},
		{"conditions", "[!fixed] [wire] server\n[bare] skip 'no'\nhears ann x", 0, ""},
		{"a tab", "\thears\tann x", 0, ""},
		{"what follows is a file", "hears ann x\n-- note.txt --\nno command at all\n", 0, ""},
		{"unknown command", "server\n\nhaers ann x", 3, `unknown command "haers"`},
		{"testscript's own", "server\nstop\nhears ann x", 2, `unknown command "stop"`},
		{"a negation without its blank", "!hears ann x", 1, `unknown command "!hears"`},
		{"unknown condition", "hears ann x\n[wier] hears ann x", 2, `unknown condition "wier"`},
		{"a condition of the engine's own", "[short] hears ann x", 1, `unknown condition "short"`},
		{"a condition alone", "hears ann x\n[wire]", 2, "want a command"},
		{"no assertion", "# required: It runs.\nserver\nsay ann x\nenv A=b", 0, "asserts nothing"},
		{"an assertion under a condition", "server\n[wire] wire syn any", 0, "asserts nothing"},
		{"empty", "", 0, "asserts nothing"},
	} {
		line, err := Lint(labs.Check{Script: c.script})
		require.Equal(t, c.line, line, c.name)
		if c.wrong == "" {
			require.NoError(t, err, c.name)
			continue
		}
		require.ErrorContains(t, err, c.wrong, c.name)
	}
}

func TestBetween(t *testing.T) {
	for text, want := range map[string][2]int{"3": {3, 3}, "2-10": {2, 10}, "0": {0, 0}, "4-4": {4, 4}} {
		least, most, err := between(text)
		require.NoError(t, err)
		require.Equal(t, want, [2]int{least, most}, text)
	}
	for _, text := range []string{"", "x", "-3", "2-", "2-x", "5-2", "-1--1"} {
		_, _, err := between(text)
		require.ErrorAs(t, err, new(*misuse), text)
	}
}

func fixed(server, client string) Submission {
	return Submission{Server: Program{Fixed: server}, Client: Program{Fixed: client}}
}

func TestMeeting(t *testing.T) {
	const p2000, p8080, p9000 = "127.0.0.1:2000", "127.0.0.1:8080", "127.0.0.1:9000"
	for _, c := range []struct{ server, client, here, there string }{
		{"", "", p2000, p8080},
		{p2000, "", p2000, p8080},
		{p8080, "", p8080, p2000},
		{p9000, "", p9000, p8080},
		{"", p2000, p8080, p2000},
		{"", p8080, p2000, p8080},
		{"", p9000, p2000, p9000},
		{p2000, p2000, p2000, p2000},
		{p2000, p8080, p2000, p8080},
	} {
		here, there := fixed(c.server, c.client).meeting()
		require.Equal(t, []string{c.here, c.there}, []string{here, there}, "server %q, client %q", c.server, c.client)
		require.True(t, here != there || c.server != "" && c.server == c.client, "the client must find nobody")
	}
}

func TestPorts(t *testing.T) {
	for _, c := range []struct {
		name, script string
		submission   Submission
		want         []string
	}{
		{"any port will do", "server\nclient ann\npeer ben", Submission{}, nil},
		{"here and there", "server -addr $HERE\nclient -url ws://$THERE ann", Submission{}, []string{"127.0.0.1:2000", "127.0.0.1:8080"}},
		{"here for a fixed server", "server -addr $HERE", fixed("127.0.0.1:9000", ""), []string{"127.0.0.1:9000"}},
		{"bare", "server -bare\nclient -bare ann", Submission{}, []string{"127.0.0.1:8080"}},
		{"literal, once", "raw -addr 127.0.0.1:4000 ann\nraw -addr 127.0.0.1:4000 ben", Submission{}, []string{"127.0.0.1:4000"}},
		{"no port at all", "client -url ws://127.0.0.1:99999 ann", Submission{}, nil},
		{"a fixed client", "host hub\nclient ann", fixed("", "127.0.0.1:9000"), []string{"127.0.0.1:9000"}},
	} {
		var want []netip.AddrPort
		for _, addr := range c.want {
			want = append(want, netip.MustParseAddrPort(addr))
		}
		require.Equal(t, want, Ports(Job{Check: labs.Check{Script: c.script}, Submission: c.submission}), c.name)
	}
}
