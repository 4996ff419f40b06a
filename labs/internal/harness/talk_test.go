package harness

import (
	"errors"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// testCheck is a check without a script, on the seed 1.
func testCheck(t *testing.T) *check {
	return &check{ctx: t.Context(), t: newTranscript(), texts: newTexts(1, "test"), actors: map[string]actor{}}
}

// said is a talk in which ann said a0 and a1, and ben b0 between them.
func said(t *testing.T) *talk {
	talk := &talk{c: testCheck(t), speakers: []string{"ann", "ben"}, listeners: []string{"ann", "ben", "cat"},
		heard: map[string][]int{}, next: map[string]int{}}
	for _, u := range []utterance{{"ann", "Plum a0", "a0"}, {"ben", "Fig b0", "b0"}, {"ann", "Plum a1", "a1"}} {
		talk.said = append(talk.said, u)
		talk.c.t.note(labs.Event{Who: u.speaker, Kind: labs.Sent, Text: u.text})
	}
	for _, name := range talk.listeners {
		talk.c.t.ear(name)
	}
	return talk
}

func headline(t *testing.T, err error) string {
	t.Helper()
	var fault *wrong
	require.ErrorAs(t, err, &fault)
	return fault.Headline
}

func TestTalkJudgesEachLine(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		wrong string // part of the headline; empty: nothing is wrong so far
	}{
		{"all, in order", []string{"welcome", "1: Plum a0", "2: Fig b0", "1: Plum a1"}, ""},
		{"another speaker's come in another order", []string{"Fig b0", "Plum a0", "Plum a1"}, ""},
		{"nothing yet", []string{"welcome"}, ""},
		{"not the whole text", []string{"Plum", "a0"}, ""},
		{"twice", []string{"Plum a0", "Fig b0", "Plum a0"}, "heard it twice"},
		{"one speaker's turned round", []string{"Plum a1", "Plum a0"}, "the other way round"},
		{"glued", []string{"Plum a0Fig b0"}, "2 messages glued together"},
		{"glued with newlines", []string{"Plum a0\nFig b0\nPlum a1"}, "3 messages glued together"},
		{"a newline sent along is no such message", []string{"Plum a0\n"}, ""},
	} {
		talk := said(t)
		talk.c.t.ear("ann").heard = heardBy("ann", c.lines...).heard
		err := talk.take()
		if c.wrong == "" {
			require.NoError(t, err, c.name)
			continue
		}
		require.Contains(t, headline(t, err), c.wrong, c.name)
	}
}

func TestTalkJudgesTags(t *testing.T) {
	for text, wrong := range map[string]string{
		"127.0.0.1:1001: Plum a0":                  "",
		"[127.0.0.1:1001] Plum a0":                 "",
		"Plum a0 (127.0.0.1:1001)":                 "does not carry the address",
		"Plum a0":                                  "does not carry the address",
		"127.0.0.1: Plum a0":                       "does not carry the address",
		"127.0.0.1:10011: Plum a0":                 "does not carry the address",
		"127.0.0.1:1002: Plum a0":                  "with the address of ben",
		"127.0.0.1:1001 to 127.0.0.1:1002 Plum a0": "with the address of ben",
	} {
		talk := said(t)
		talk.addresses = map[string]*regexp.Regexp{
			"ann": regexp.MustCompile(addressPattern("127.0.0.1:1001")), "ben": regexp.MustCompile(addressPattern("127.0.0.1:1002"))}
		talk.c.t.ear("cat").heard = []line{{text: text}}
		err := talk.take()
		if wrong == "" {
			require.NoError(t, err, text)
			continue
		}
		require.Contains(t, headline(t, err), wrong, text)
	}
}

func TestTalkWantsOneOrder(t *testing.T) {
	talk := said(t)
	talk.heard = map[string][]int{"ann": {0, 1, 2}, "ben": {0, 1, 2}, "cat": {1, 0, 2}}
	require.Contains(t, headline(t, talk.sameOrder()), "ann and cat heard two messages in different order")
	talk.heard["cat"] = []int{0, 1, 2}
	require.NoError(t, talk.sameOrder())
}

// TestTalkBlamesWhoIsMissing: cat's connection ends early; ann and ben, who only hear a little later, are not blamed for it.
func TestTalkBlamesWhoIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		talk := said(t)
		tr := talk.c.t
		go func() {
			hear(tr, "cat", "Plum a0")
			end(tr, "cat", "the server ended the connection")
			time.Sleep(100 * time.Millisecond)
			for _, name := range []string{"ann", "ben"} {
				for _, u := range talk.said {
					hear(tr, name, u.text)
				}
			}
		}()
		began := time.Now()
		err := talk.listen()
		require.Contains(t, headline(t, err), "Of 3 messages cat heard 1")
		require.Less(t, time.Since(began), Patience, "and is told as soon as it is known")
	})
}

func hear(t *transcript, name, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	event := t.add(labs.Event{Who: name, Kind: labs.Received, Text: text})
	t.ears[name].heard = append(t.ears[name].heard, line{text: text, event: event})
}

func end(t *transcript, name, how string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ears[name].ended = how
	t.wake()
}

// mute is an actor that says nothing when it is told to.
type mute struct{ told []string }

func (m *mute) say(text string) error { m.told = append(m.told, text); return nil }
func (m *mute) hangup() error         { return nil }
func (m *mute) close()                {}

func TestHearsBlamesWhoDidNotHear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := testCheck(t)
		for _, name := range []string{"ann", "ben", "cat"} {
			c.t.ear(name)
			c.actors[name] = &mute{}
		}
		c.t.note(labs.Event{Who: "ann", Kind: labs.Sent, Text: "Plum"})
		go func() {
			end(c.t, "cat", "the server ended the connection")
			time.Sleep(100 * time.Millisecond)
			hear(c.t, "ann", "Plum")
			hear(c.t, "ben", "Plum")
		}()
		w, err := newWish(false, []string{"Plum"})
		require.NoError(t, err)
		err = c.hears([]string{"ann", "ben", "cat"}, w, 0)
		require.Equal(t, `ann said "Plum". ann and ben heard it; cat did not.`, headline(t, err))
	})
}

// TestJoinsBlamesWhoEnded: ben's client crashed, and ann's is only slow.
func TestJoinsBlamesWhoEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := testCheck(t)
		ann, ben := &mute{}, &mute{}
		c.actors["ann"], c.actors["ben"] = ann, ben
		c.t.ear("ann")
		c.t.ear("ben")
		c.t.note(labs.Event{Kind: labs.Note, Text: "begins"})
		go func() {
			end(c.t, "ben", "ended with status 1")
			time.Sleep(time.Second)
			synctest.Wait()
			hear(c.t, "ann", ann.told[0])
		}()
		require.Contains(t, headline(t, c.joins([]string{"ann", "ben"})), "ben")
	})
}

// TestJoinsWithoutEcho: a server that leaves the sender out is judged by the check that is about it, not by joins.
func TestJoinsWithoutEcho(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := testCheck(t)
		ann, ben := &mute{}, &mute{}
		c.actors["ann"], c.actors["ben"] = ann, ben
		c.t.ear("ann")
		c.t.ear("ben")
		go func() {
			synctest.Wait() // both have spoken
			hear(c.t, "ann", ben.told[0])
			hear(c.t, "ben", ann.told[0])
		}()
		require.NoError(t, c.joins([]string{"ann", "ben"}))
		require.Empty(t, c.t.ears["ann"].passedOver(), "what joins has said is not in the way of ! hears")
	})
}

// TestPatienceWithAProgramThatStarts: a client that has not given a sign of life gets the time that an interpreter needs, and the
// usual patience from there.
func TestPatienceWithAProgramThatStarts(t *testing.T) {
	waits := func(came time.Duration, who string, come func(*check)) time.Duration {
		var took time.Duration
		synctest.Test(t, func(t *testing.T) {
			c := testCheck(t)
			c.actors["ann"] = &program{name: "ann", role: "client", t: c.t, ear: c.t.ear("ann")}
			c.actors["hub"] = &host{c: c, name: "hub"}
			began := time.Now()
			time.AfterFunc(came, func() { come(c) })
			_, err := c.awaitHeard([]string{who}, 0, func() bool { return false })
			require.ErrorIs(t, err, errPatience)
			took = time.Since(began)
			synctest.Wait()
		})
		return took
	}
	prints := func(c *check) { hear(c.t, "ann", "hello") }
	joins := func(c *check) {
		c.t.mu.Lock()
		defer c.t.mu.Unlock()
		c.actors["hub"].(*host).conns = []*conn{{}}
		c.t.add(labs.Event{Text: "came"})
	}
	require.Equal(t, StartPatience, waits(time.Hour, "ann", prints), "no sign of life")
	require.Equal(t, StartPatience, waits(time.Hour, "hub", joins))
	require.InDelta(t, 3*time.Second+Patience, waits(3*time.Second, "ann", prints), float64(2*tick))
	require.InDelta(t, time.Second+Patience, waits(time.Second, "hub", joins), float64(2*tick))
	require.InDelta(t, time.Second+Patience, waits(time.Second, "ann", joins), float64(2*tick), "somebody has come: it runs")
}

func TestFailuresAreNotErrorsOfTheScript(t *testing.T) {
	var fault *wrong
	require.False(t, errors.As(machineError("no memory"), &fault))
	require.False(t, errors.As(usageError("want a name"), &fault))
}

// TestTalkByHand: one line that is typed shows no mistake that a burst brings out, and none that takes two speakers.
func TestTalkByHand(t *testing.T) {
	told := func(lines ...string) []string {
		talk := said(t)
		talk.addresses = map[string]*regexp.Regexp{"ann": regexp.MustCompile("A"), "ben": regexp.MustCompile("B")}
		for _, text := range lines {
			hear(talk.c.t, "cat", text)
		}
		err := talk.take()
		if err == nil {
			err = talk.incomplete("cat")
		}
		return failureOf(t, err).ByHand
	}
	require.Equal(t, []string{pasting}, told("A Plum a0 A Plum a1"), "glued")
	require.Equal(t, []string{pasting}, told("A Plum a0", "A Plum a0"), "twice")
	require.Equal(t, []string{pasting}, told("A Plum a1", "A Plum a0"), "the wrong way round")
	require.Equal(t, []string{pasting}, told("A Plum a0"), "some are missing")
	require.Equal(t, []string{"and type    Plum a0"}, told(), "all are missing")
	require.Equal(t, []string{"and type    Plum a0"}, told("Plum a0"), "no tag")
	require.Empty(t, told("B Plum a0"), "the other's tag")

	talk := said(t)
	talk.heard = map[string][]int{"ann": {0, 1, 2}, "ben": {1, 0, 2}}
	require.Empty(t, failureOf(t, talk.sameOrder()).ByHand)
}
