package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestCauseInTheRecord(t *testing.T) {
	l := broadcast(diagnosed())
	l.HintsUsed = 2
	var b bytes.Buffer
	require.NoError(t, JSON(&b, runOf(l)))
	var got record
	require.NoError(t, json.Unmarshal(b.Bytes(), &got))
	require.Equal(t, 2, got.Labs[0].Hints)
	d := got.Labs[0].Cases[0].Diagnosis
	require.Equal(t, "sender-skipped", d.ID)
	require.Equal(t, "Your server leaves the sender out: everyone else is served.", d.Cause)
	require.Equal(t, []string{"first-only"}, d.Also)
}

func TestCauseInJUnit(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, JUnit(&b, runOf(broadcast(diagnosed()))))
	require.Contains(t, b.String(), "cause     Your server leaves the sender out: everyone else is served.   [sender-skipped]")
}

// What fits too is for the authors of mistakes.
func TestOthersThatFitAreForAuthors(t *testing.T) {
	r := runOf(broadcast(diagnosed()))
	require.NotContains(t, write(t, r, Style{}), "first-only")
	require.Contains(t, write(t, r, Style{Verbose: true}), "fits too  first-only")
}

func TestHint(t *testing.T) {
	var b strings.Builder
	require.NoError(t, Hint(&b, "Hint 1 of 4.", "When your loop meets the client that sent the message, what does it do?", Style{Width: 60}))
	require.Equal(t, "Hint 1 of 4.  When your loop meets the client that sent the\n              message, what does it do?\n", b.String())
}

// A failure says where hints are: on its cause, or, where that is not known, on the lab.
func TestWhereHintsAre(t *testing.T) {
	known := write(t, runOf(broadcast(diagnosed())), Style{})
	require.Contains(t, known, "next      go tool lab hint 1\n")
	require.NotContains(t, known, "hints ")

	unknown := write(t, runOf(broadcast(senderSkipped())), Style{})
	require.Contains(t, unknown, "next      Look where the server goes through its clients: does the loop leave one out?\n  │ hints     go tool lab hint 1\n")
	stretch := senderSkipped()
	stretch.Check.Kind = labs.Stretch
	require.NotContains(t, write(t, runOf(broadcast(stretch)), Style{}), "hints ", "a lab does not fail by it")
}

// A failure of no known cause sends to an earlier one of its lab that has one.
func TestKnownCauseComesFirst(t *testing.T) {
	const mend = "next      Mend 1.1 first: its cause is known, and this may come of it too.\n"
	later := senderSkipped()
	later.Check.Number = 2
	require.Contains(t, write(t, runOf(broadcast(diagnosed(), later)), Style{Verbose: true}), mend)
	indonesian := broadcast(diagnosed(), later)
	indonesian.Lesson, indonesian.Indonesian.Lesson = "# Lab 1: Broadcast ke semua", "# Lab 1: Broadcast ke semua"
	require.Contains(t, write(t, runOf(indonesian), Style{Verbose: true}), "next      Perbaiki 1.1 dulu: ")
	earlier := diagnosed()
	earlier.Check.Number = 3
	require.NotContains(t, write(t, runOf(broadcast(later, earlier)), Style{Verbose: true}), "Mend ")
}

func TestCauseOnThePage(t *testing.T) {
	page := html(t, runOf(broadcast(diagnosed())))
	require.Contains(t, page, `<dt>cause</dt><dd>Your server leaves the sender out: everyone else is served. <span class="dim">sender-skipped</span></dd>`)
	require.Contains(t, page, "<dt>next</dt><dd><code>go tool lab hint 1</code></dd>")
	require.NotContains(t, page, "<dt>hints</dt>")
	require.Contains(t, html(t, runOf(broadcast(senderSkipped()))), "<dt>hints</dt><dd><code>go tool lab hint 1</code></dd>")
}
