package harness

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// failureOf is what a command's error tells.
func failureOf(t *testing.T, err error) labs.Failure {
	t.Helper()
	var fault *wrong
	require.True(t, errors.As(err, &fault), "%v", err)
	return fault.Failure
}

// marked are the events of an excerpt that are wrong or missing.
func marked(f labs.Failure) []labs.Event {
	var events []labs.Event
	for _, e := range f.Excerpt {
		if e.Wrong || e.Missing {
			events = append(events, e)
		}
	}
	return events
}

// TestHeardInAnotherForm: whoever has heard the text did hear it. What is wrong is what stands around it.
func TestHeardInAnotherForm(t *testing.T) {
	for name, tt := range map[string]struct {
		exact bool
		asked string
		heard line
		want  string // of the heard line
		next  string
	}{
		"something before it":  {false, "^From server: Plum", line{text: "xx From server: Plum"}, `"xx From server: Plum"`, "letter for letter"},
		"something behind it":  {true, "Plum", line{text: "Plum!"}, `"Plum!": something came behind the text`, "nothing behind it"},
		"a newline sent along": {true, "Plum", line{text: "Plum\n"}, `"Plum\n": a newline was sent along`, "not even a newline"},
		"a binary message":     {false, "Plum", line{text: "Plum", binary: true}, `"Plum" as a binary message`, "opcode 1"},
	} {
		t.Run(name, func(t *testing.T) {
			c := testCheck(t)
			cat := c.t.ear("cat")
			c.t.note(labs.Event{Who: "ann", Kind: labs.Sent, Text: "Plum"})
			tt.heard.event = 1
			cat.heard = []line{tt.heard}
			c.t.note(labs.Event{Who: "cat", Kind: labs.Received, Text: tt.heard.text})
			w, err := newWish(tt.exact, []string{tt.asked})
			require.NoError(t, err)

			f := failureOf(t, c.unheard([]*ear{cat}, w, Patience))
			require.Equal(t, `ann said "Plum". cat heard it in another form than was asked for.`, f.Headline)
			require.Contains(t, f.Expected, tt.asked)
			require.Contains(t, f.Heard, tt.want)
			require.Contains(t, f.Next, tt.next)
			require.Len(t, marked(f), 1)
			require.True(t, marked(f)[0].Wrong, "the line is there, and is not missing")
			require.Equal(t, tt.heard.text, marked(f)[0].Text)
		})
	}
}

// TestUnheardBeforeAnotherForm: who has heard nothing at all is told first.
func TestUnheardBeforeAnotherForm(t *testing.T) {
	c := testCheck(t)
	ben, cat := c.t.ear("ben"), c.t.ear("cat")
	c.t.note(labs.Event{Who: "ann", Kind: labs.Sent, Text: "Plum"})
	hear(c.t, "ben", "xx Plum")
	w, err := newWish(false, []string{"^Plum"})
	require.NoError(t, err)
	f := failureOf(t, c.unheard([]*ear{ben, cat}, w, Patience))
	require.Equal(t, `ann said "Plum". cat did not hear it.`, f.Headline)
	require.True(t, marked(f)[0].Missing)
}

// TestNobodyHeardTheForm: a text that came back as a binary message did come back.
func TestNobodyHeardTheForm(t *testing.T) {
	c := testCheck(t)
	ann := c.t.ear("ann")
	c.t.note(labs.Event{Who: "ann", Kind: labs.Sent, Text: "Plum"})
	require.Contains(t, failureOf(t, c.nobodyHeard("ann", "Plum")).Headline, "Nobody heard it")
	ann.heard = []line{{text: "Plum", event: 1, binary: true}}
	c.t.note(labs.Event{Who: "ann", Kind: labs.Received, Text: "(binary) Plum"})
	require.Equal(t, `ann said "Plum". ann heard it in another form than was asked for.`, failureOf(t, c.nobodyHeard("ann", "Plum")).Headline)
}
