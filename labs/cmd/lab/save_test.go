package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// TestFirstCauseIsOfWhatIsTold: hints are about the failure on the screen, even if nobody knows its cause.
func TestFirstCauseIsOfWhatIsTold(t *testing.T) {
	verdict := func(kind labs.Kind, cause string) labs.Verdict {
		return labs.Verdict{Check: labs.Check{Kind: kind}, Outcome: labs.Fail, Failure: &labs.Failure{CauseID: cause}}
	}
	passed := labs.Verdict{Check: labs.Check{Kind: labs.Required}, Outcome: labs.Pass}
	for _, c := range []struct {
		verdicts []labs.Verdict
		id       string
		failed   bool
	}{
		{[]labs.Verdict{passed}, "", false},
		{[]labs.Verdict{passed, verdict(labs.Required, ""), verdict(labs.Required, "takes-turns")}, "", true},
		{[]labs.Verdict{verdict(labs.Stretch, "one-attempt"), verdict(labs.Required, "hangs")}, "hangs", true},
		{[]labs.Verdict{passed, verdict(labs.Stretch, "one-attempt")}, "one-attempt", true},
	} {
		id, failed := firstCause(c.verdicts)
		require.Equal(t, c.id, id)
		require.Equal(t, c.failed, failed)
	}
}
