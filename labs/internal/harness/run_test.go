package harness

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

// judged runs a script in this process: the kit's own peers, and programs that the test binary plays.
func judged(t *testing.T, s Submission, script string) labs.Verdict {
	t.Helper()
	return Run(t.Context(), Job{Check: labs.Check{Name: "test", File: "labs/00-test/1-test.txtar", Script: script}, Submission: s, Work: t.TempDir(), Seed: 1})
}

func TestPeerAndHostUnderstandEachOther(t *testing.T) {
	for name, script := range map[string]string{
		"both ways": "host hub\npeer ann\nsay ann $TEXT1\nhears -exact hub $TEXT1\nsay hub $WIDE\nhears -exact ann $WIDE",
		"fragments": "host hub\npeer ann\nsay -fragments 3 -ping $TEXT2 ann $LONG\nhears -exact hub $LONG\npong ann $TEXT2",
		"masks":     "host hub\npeer ann\nsay ann $TEXT1\nsay hub $TEXT2\nhears ann $TEXT2\nhears hub $TEXT1\nmasked hub\n! masked ann",
		"not a peer's client, and at the end a Close": "host hub\npeer ann\nsay hub $TEXT1\nhears ann $TEXT1\nhangup ann\nclosed ann",
		"the host ends":          "host hub\npeer ann\nsay hub $TEXT1\nhears ann $TEXT1\nhangup hub\nclosed ann",
		"reset":                  "host hub\npeer ann\ncut ann\nclosed ann",
		"stalled, then all":      "host hub\npeer ann\nstall ann\nsay hub $HUGE\nsay hub $TEXT1\nresume ann\nhears -exact ann $HUGE\nhears ann $TEXT1",
		"no WebSocket":           "host hub\nraw page\n! refuses page\nsay -e page 'GET / HTTP/1.1\\r\\nHost: chat\\r\\n\\r\\n'\nrefuses page\nclosed page",
		"the handshake":          "host hub\nupgrade ann\nupgrade ben dGhlIHNhbXBsZSBub25jZQ==",
		"groups":                 "host hub\npeer ann\nsay ann 'from 7 '$TEXT1\ncapture hub 'from (?P<N>\\d) '\nsay hub $N\nhears -exact ann 7",
		"heard once, said twice": "host hub\npeer ann\nsay ann $TEXT1\nsay ann $TEXT1\nsay ann $TEXT2\nhears hub $TEXT1\nhears hub $TEXT1\nhears hub $TEXT2\n! hears hub $TEXT1",
	} {
		t.Run(name, func(t *testing.T) {
			v := judged(t, Submission{}, script)
			require.Equal(t, labs.Pass, v.Outcome, "%s %v\n%s", v.Why, v.Failure, v.Log)
		})
	}
}

func TestRunBlamesTheProgramAtItsLine(t *testing.T) {
	for _, c := range []struct {
		name, script string
		client       string
		line         int
		headline     string
	}{
		{"not heard", "host hub\npeer ann\n# Ann hears.\nsay hub $TEXT1\nhears -within 100ms ann $TEXT2", "", 5, "ann heard nothing that fits within 100ms."},
		{"heard twice", "host hub\npeer ann\nsay hub $TEXT1\nsay hub $TEXT1\nsay hub $TEXT2\nhears ann $TEXT1\nhears ann $TEXT2\n! hears ann $TEXT1", "", 8, "more than once"},
		{"masks", "host hub\npeer ann\nsay hub $TEXT1\nhears ann $TEXT1\nmasked ann", "", 5, "does not mask"},
		{"nobody listens", "peer ann\nhears ann x", "", 1, "ann could not connect to 127.0.0.1:"},
		{"an end, told at once", "client ann\nhears ann welcome", "crash", 2, "ann printed no line that fits"},
		{"status", "client ann\nexits ann 0", "crash", 2, "The client (ann) ended with status 1."},
		{"too much", "client ann\nexits ann", "flood", 2, "it had printed more than"},
		{"still there", "client ann\nhears ann ready\nexits -within 100ms ann", "deaf", 3, "did not end within 100ms"},
		{"answered", "host hub\nraw page\nsay -e page 'GET / HTTP/1.1\\r\\nHost: chat\\r\\n\\r\\n'\nrefuses page\n! refuses page", "", 5, "page was answered, or its connection was ended."},
		{"not the first line", "client ann\nexits ann\nhears ann says-it\nhears -first ann says-it", "babble", 4, "ann printed no line that fits"},
		{"too many tries", "client ann\nexits ann\ncounts ann (?i)refused 2-10", "crash", 3, "2 to 10 would be right"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judged(t, fake(c.client), c.script)
			require.Equal(t, labs.Fail, v.Outcome, "%s\n%s", v.Why, v.Log)
			require.Equal(t, c.line, v.Line)
			require.Contains(t, v.Failure.Headline, c.headline)
			require.NotEmpty(t, v.Failure.Expected)
			require.NotEmpty(t, v.Failure.Heard)
			require.NotEmpty(t, v.Transcript)
			require.LessOrEqual(t, len(v.Failure.Excerpt), maxExcerpt)
		})
	}
}

func TestRunBlamesTheScript(t *testing.T) {
	for script, why := range map[string]string{
		"host hub\npeer ann\npeer ann\nhears ann x":      `peer: there is a "ann" already`,
		"host hub\nhears bob x":                          `hears: there is no "bob"`,
		"host hub\npeer Ann\nhears ann x":                `peer: "Ann" is no name`,
		"host hub\npeer ann\nhears ann (":                `hears: "(" is no regular expression`,
		"host hub\npeer ann\nexits ann":                  `exits: "ann" is no judged program`,
		"host hub\npeer ann\n! hears -first ann x":       "hears: with ! it looks back at what has come: no -first, no -within",
		"host hub\npeer ann\n! pong ann x":               "pong: ! is not possible; usage: pong WHO PAYLOAD",
		"host hub\npeer ann\nmasked ann":                 "masked: ann has received no frame",
		"host hub\npeer ann\ntalk -tagged hub : ann":     "talk: -tagged needs speakers whose address is known",
		"host hub\npeer ann\nfence ann ann":              "fence: want names on both sides of a :",
		"host hub\npeer ann\ncounts ann x 5-2":           `counts: "5-2": MIN is more than MAX`,
		"host hub\npeer ann\nhears -sometimes ann x":     "hears: flag provided but not defined: -sometimes",
		"host hub\npeer ann\nwire syn any":               "wire: nothing is captured here",
		"client ann\nhangup ann\nsay ann x\nhears ann x": "say: ann has been hung up",
	} {
		v := judged(t, fake("deaf"), script)
		require.Equal(t, labs.Error, v.Outcome, script)
		require.Equal(t, labs.Script, v.Whose, "%s: %s", script, v.Why)
		require.True(t, strings.HasPrefix(v.Why, why), "%s: %s", script, v.Why)
		require.Equal(t, strings.Count(script, "\n")+1-strings.Count(script, "\nhears ann x"), v.Line, script)
	}
}

// TestLineThatBeginsWithItsNewline: a program that ends a line only when it begins the next is heard all the same.
func TestLineThatBeginsWithItsNewline(t *testing.T) {
	v := judged(t, fake("newline-first"), "client ann\njoins ann\nsay ann $TEXT1\nhears ann $TEXT1\nhangup ann\nexits ann 0")
	require.Equal(t, labs.Pass, v.Outcome, "%s %v\n%s", v.Why, v.Failure, v.Log)
}

// TestInputThatNobodyReads: the script goes on, and the end of the program ends the typing.
func TestInputThatNobodyReads(t *testing.T) {
	v := judged(t, fake("deaf"), "client ann\nhears ann ready\nsay ann $HUGE\nsay ann $HUGE\nsignal ann KILL\nexits ann !0")
	require.Equal(t, labs.Pass, v.Outcome, "%s %v\n%s", v.Why, v.Failure, v.Log)
}

func TestProgramThatCannotBeStarted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no such thing as a script without an interpreter on Windows")
	}
	file := filepath.Join(t.TempDir(), "chat")
	require.NoError(t, os.WriteFile(file, []byte("no program\n"), 0o755))
	for _, run := range []string{file, file + "-missing"} {
		v := judged(t, Submission{Client: Program{Run: []string{run}}}, "client ann\nexits ann")
		require.Equal(t, labs.Build, v.Outcome, v.Why)
		require.Contains(t, v.Why, "the client cannot be started")
	}
}

func TestRunEndsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	v := Run(ctx, Job{Check: labs.Check{File: "1.txtar", Script: "host hub\npeer ann\nhears -within 60s ann x"}, Work: t.TempDir()})
	require.Equal(t, labs.Error, v.Outcome)
	require.Less(t, v.Duration, 10*time.Second)
}

// pipe is one end of a connection, in the kit's hands, and the other.
func pipe(t *testing.T) (k *conn, other net.Conn) {
	c := testCheck(t)
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	require.NoError(t, theirs.SetDeadline(time.Now().Add(10*time.Second)))
	return &conn{c: c, ear: c.t.ear("ann"), net: ours, r: bufio.NewReader(ours), name: "ann", other: "server", client: true}, theirs
}

func TestCloseIsAnsweredOnce(t *testing.T) {
	status := wire.Frame{Fin: true, Opcode: wire.Close, Payload: []byte{0x03, 0xe9}}
	t.Run("theirs", func(t *testing.T) {
		k, other := pipe(t)
		go k.listen()
		_, err := other.Write(wire.AppendFrame(nil, status))
		require.NoError(t, err)
		f, err := wire.ReadFrame(other, 125)
		require.NoError(t, err)
		require.Equal(t, wire.Close, f.Opcode)
		require.Equal(t, status.Payload, f.Payload)
		require.True(t, f.Masked)
		_, err = other.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
	})
	t.Run("ours", func(t *testing.T) {
		k, other := pipe(t)
		go k.listen()
		go k.bye(1000)
		f, err := wire.ReadFrame(other, 125)
		require.NoError(t, err)
		require.Equal(t, wire.Close, f.Opcode)
		_, err = other.Write(wire.AppendFrame(nil, status))
		require.NoError(t, err)
		_, err = other.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF, "nothing comes behind a Close (RFC 6455, section 5.5.1)")
	})
}

// What no other check judges is told where it is met.
func TestFrameThatIsNotAllowed(t *testing.T) {
	for want, f := range map[string]wire.Frame{
		`text FIN "hi" overlong length`: {Fin: true, Opcode: wire.Text, Overlong: true, Payload: []byte("hi")},
		`continuation FIN "hi"`:         {Fin: true, Opcode: wire.Continuation, Payload: []byte("hi")},
		`opcode 0x3 FIN "hi"`:           {Fin: true, Opcode: 3, Payload: []byte("hi")},
	} {
		k, other := pipe(t)
		go other.Write(wire.AppendFrame(nil, f))
		k.listen()
		require.Equal(t, "the server sent a frame that RFC 6455 does not allow here: "+want, k.ear.ended)
	}
}

func TestPlainConnectionHasALimit(t *testing.T) {
	c := testCheck(t)
	ours, theirs := net.Pipe()
	r := &raw{c: c, name: "ann", net: ours, in: bufio.NewReader(io.LimitReader(ours, maxPlain)), ear: c.t.ear("ann")}
	r.listen()
	piece := make([]byte, 1<<20) // no newline, no end
	for err := error(nil); err == nil; {
		_, err = theirs.Write(piece)
	}
	r.reading.Wait()
	require.Equal(t, "the server was cut off by the kit: it had sent 8 MiB", r.ear.ended)
}

// TestEmptyLineIsNotWhatAWishIsAbout: an empty line was typed, and is in every text.
func TestEmptyLineIsNotWhatAWishIsAbout(t *testing.T) {
	c := testCheck(t)
	for _, text := range []string{"Plum", "", "Fig"} {
		c.t.note(labs.Event{Who: "ann", Kind: labs.Typed, Text: text})
	}
	w, err := newWish(false, []string{"Plum"})
	require.NoError(t, err)
	require.Equal(t, 0, c.lastSaid(w))
}
