package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
	require.NoError(t, Hint(&b, 1, 4, "When your loop meets the client that sent the message, what does it do?", Style{Width: 60}))
	require.Equal(t, "Hint 1 of 4.  When your loop meets the client that sent the\n              message, what does it do?\n", b.String())
}
