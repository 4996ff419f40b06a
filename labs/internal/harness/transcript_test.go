package harness

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// heardBy is an ear that has heard these lines.
func heardBy(name string, texts ...string) *ear {
	e := &ear{name: name}
	for i, text := range texts {
		e.heard = append(e.heard, line{text: text, event: i})
	}
	return e
}

func textsOf(lines []line) (texts []string) {
	for _, l := range lines {
		texts = append(texts, l.text)
	}
	return texts
}

func holds(text string) func(line) bool {
	return func(l line) bool { return strings.Contains(l.text, text) }
}

func TestSearchTakesALineOnce(t *testing.T) {
	e := heardBy("ann", "one", "two", "one", "three")
	first, ok := (&search{ear: e, fits: holds("one")}).next()
	require.True(t, ok)
	require.Equal(t, 0, first.event)
	second, ok := (&search{ear: e, fits: holds("one")}).next()
	require.True(t, ok)
	require.Equal(t, 2, second.event, "the second of two equal lines")
	require.Equal(t, []string{"two"}, textsOf(e.passedOver()), "what nobody waited for, up to the cursor")
	_, ok = (&search{ear: e, fits: holds("two")}).next()
	require.False(t, ok, "a hears line looks behind the cursor only")
}

func TestSearchLooksAtEachLineOnce(t *testing.T) {
	e, looks := heardBy("ann", "one", "two"), 0
	s := &search{ear: e, fits: func(line) bool { looks++; return false }}
	s.next()
	s.next()
	e.heard = append(e.heard, line{text: "three"})
	s.next()
	require.Equal(t, 3, looks)
}

func TestTakeAllLeavesOtherLines(t *testing.T) {
	e := heardBy("ann", "welcome", "mine", "other", "mine", "later")
	e.takeAll(holds("mine"))
	require.Equal(t, []string{"welcome", "other"}, textsOf(e.passedOver()))
	l, ok := (&search{ear: e, fits: holds("")}).next()
	require.True(t, ok)
	require.Equal(t, "later", l.text)
}

// TestUnendedLine: a line without its newline counts once it has stood still, and is not heard again when it is ended.
func TestUnendedLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, out, _ := fakeProgram()
		s := func() bool { _, ok := (&search{ear: p.ear, fits: holds("Plum")}).next(); return ok }
		out.Write([]byte("From server: Pl"))
		out.Write([]byte("um"))
		require.False(t, s(), "it may still be written")
		time.Sleep(settled + time.Millisecond)
		require.True(t, (&search{ear: p.ear, fits: holds("Plum")}).some())
		require.True(t, s())
		require.False(t, s(), "once")
		out.Write([]byte("\nFrom server: Fig"))
		require.False(t, s(), "the same line, ended")
		require.Equal(t, []string{"From server: Plum"}, textsOf(p.ear.heard))
		time.Sleep(settled + time.Millisecond)
		_, ok := (&search{ear: p.ear, fits: holds("Fig")}).next()
		require.True(t, ok, "the next unended line is another one")
	})
}

func TestTranscriptHasLimits(t *testing.T) {
	tr := newTranscript()
	for range maxEvents + 10 {
		tr.note(labs.Event{Kind: labs.Printed, Text: "x"})
	}
	tr.note(labs.Event{Kind: labs.Ended, Text: "how it ended"})
	require.Less(t, len(tr.events), maxEvents)
	require.Equal(t, "how it ended", tr.events[len(tr.events)-1].Text, "there is room for the end")
	require.Positive(t, tr.dropped)

	tr = newTranscript()
	for range maxText/maxEventText + 100 {
		tr.note(labs.Event{Kind: labs.Received, Text: strings.Repeat("x", 2*maxEventText)})
	}
	require.Less(t, tr.size, maxText+2*maxEventText)
}

func TestAfter(t *testing.T) {
	e := heardBy("ann", "before", "at", "behind")
	require.Equal(t, []string{"behind"}, textsOf(e.after(1)))
	require.Empty(t, e.after(2))
}

func TestStackTraces(t *testing.T) {
	for text, want := range map[string]bool{
		"panic: runtime error: invalid memory address":        true,
		"goroutine 1 [running]:":                              true,
		"thread 'main' panicked at src/main.rs:12:5:":         true,
		"Traceback (most recent call last):":                  true,
		"    at Object.<anonymous> (/home/ann/client.js:3:9)": true,
		"Error: Connection refused (os error 111)":            false,
		"dial tcp 127.0.0.1:8080: connection refused":         false,
		"don't panic: try again":                              false,
		"could not connect at 127.0.0.1:8080":                 false,
	} {
		require.Equal(t, want, stackTrace.MatchString(text), text)
	}
}

func TestAddressPatternKnowsOneAddress(t *testing.T) {
	p := regexp.MustCompile(addressPattern("127.0.0.1:5342"))
	for text, want := range map[string]bool{
		"127.0.0.1:5342: hi": true, "[::ffff:127.0.0.1]:5342 hi": true, "::ffff:127.0.0.1:5342": true,
		"127.0.0.1:53422: hi": false, "127.0.0.1 5342": false, "127a0.0.1:5342": false,
	} {
		require.Equal(t, want, p.MatchString(text), text)
	}
}
