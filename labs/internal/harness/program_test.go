package harness

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// fakeProgram is a program that never ran, and what takes its standard output and standard error.
func fakeProgram() (p *program, out, errs *printer) {
	t := newTranscript()
	p = &program{name: "ann", role: "client", t: t, ear: t.ear("ann"), cmd: &exec.Cmd{}, ended: make(chan struct{})}
	return p, &printer{p: p, kind: labs.Printed}, &printer{p: p, kind: labs.Complain, stream: 1}
}

func TestPrinterCutsLines(t *testing.T) {
	for _, c := range []struct {
		name   string
		writes []string
		want   []string
		rest   string
	}{
		{"one line", []string{"one\n"}, []string{"one"}, ""},
		{"several in one write, a line in several writes", []string{"one\ntw", "o\n", "\nthr", "ee"}, []string{"one", "two", ""}, "three"},
		{"carriage returns", []string{"one\r\n", "two\r", "\n"}, []string{"one", "two"}, ""},
		{"a prompt that is drawn anew", []string{"> ", "\r\x1b[KFrom server: one\n> "}, []string{"> From server: one"}, "> "},
		{"a rune in two writes", []string{"\xe6\x9d", "\x8e\n"}, []string{"李"}, ""},
		{"an escape in two writes", []string{"\x1b[3", "1mred\n"}, []string{"red"}, ""},
	} {
		p, out, _ := fakeProgram()
		for _, text := range c.writes {
			n, err := out.Write([]byte(text))
			require.NoError(t, err)
			require.Equal(t, len(text), n)
		}
		require.Equal(t, c.want, textsOf(p.ear.heard), c.name)
		require.Equal(t, c.rest, p.ear.rest[0], c.name)
	}
}

func TestPrinterKeepsTheStreamsApart(t *testing.T) {
	p, out, errs := fakeProgram()
	out.Write([]byte("From ser"))
	errs.Write([]byte("a warning\n"))
	out.Write([]byte("ver: one\n"))
	require.Equal(t, []string{"a warning", "From server: one"}, textsOf(p.ear.heard))
	require.Equal(t, labs.Complain, p.t.events[0].Kind)
	require.Equal(t, labs.Printed, p.t.events[1].Kind)
}

func TestPrinterEndsTheLastLine(t *testing.T) {
	p, out, errs := fakeProgram()
	out.Write([]byte("no newline"))
	out.end()
	errs.end()
	require.Equal(t, []string{"no newline"}, textsOf(p.ear.heard))
	require.Empty(t, p.ear.rest[0])
}

func TestPrinterCutsALineWithoutEnd(t *testing.T) {
	p, out, _ := fakeProgram()
	piece := []byte(strings.Repeat("x", maxLine/4))
	for range 6 {
		out.Write(piece)
	}
	require.LessOrEqual(t, cap(out.buf), 2*maxLine)
	out.Write([]byte("\nnext\n"))
	require.Len(t, p.ear.heard, 2)
	require.True(t, strings.HasSuffix(p.ear.heard[0].text, fmt.Sprintf("… (%d more bytes cut)", maxLine/2)))
	require.Equal(t, "next", p.ear.heard[1].text)
}

func TestArgvFillsInTheAddress(t *testing.T) {
	p := Program{Run: []string{"/bin/chat", "--listen=$ADDR", "$URL", "x"}, Shown: []string{"go", "run", "$URL"}}
	argv, shown := p.argv("127.0.0.1:1", "ws://127.0.0.1:1")
	require.Equal(t, []string{"/bin/chat", "--listen=127.0.0.1:1", "ws://127.0.0.1:1", "x"}, argv)
	require.Equal(t, []string{"go", "run", "ws://127.0.0.1:1"}, shown)
	p.Shown = nil
	argv, shown = p.argv("127.0.0.1:1", "ws://127.0.0.1:1")
	require.Equal(t, argv, shown)
}
