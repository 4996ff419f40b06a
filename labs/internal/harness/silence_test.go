package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestPinged(t *testing.T) {
	v := judged(t, Submission{}, "host hub\npeer ann\nsay -fragments 2 -ping $WORD1 hub $TEXT1\npinged ann\nhears ann $TEXT1\npong hub $WORD1")
	require.Equal(t, labs.Pass, v.Outcome, "%s %v\n%s", v.Why, v.Failure, v.Log)

	v = judged(t, Submission{}, "host hub\npeer ann\nsay -fragments 2 -ping $WORD1 hub $TEXT1\npinged ann\npinged -within 50ms ann")
	require.Equal(t, labs.Fail, v.Outcome, v.Why)
	require.Equal(t, "ann says nothing, and is not pinged: 1 ping so far, and then none for 50ms.", v.Failure.Headline)

	v = judged(t, Submission{}, "host hub\npeer ann\nsay hub $TEXT1\nhangup hub\npinged ann")
	require.Equal(t, labs.Fail, v.Outcome, v.Why)
	require.Contains(t, v.Failure.Headline, "ann answers each ping, and the server closed the connection with 1000")

	v = judged(t, Submission{}, "host hub\npeer ann\n! pinged -within 50ms ann")
	require.Equal(t, labs.Pass, v.Outcome, "%s %v\n%s", v.Why, v.Failure, v.Log)
}

// TestMutePeerAnswersNoPing: whether the kernel drops the ping or the peer does not answer it, no pong comes back.
func TestMutePeerAnswersNoPing(t *testing.T) {
	v := Run(t.Context(), Job{Check: labs.Check{Name: "test", File: "1-test.txtar",
		Script: "host hub\npeer ann\nsay hub $TEXT1\nhears ann $TEXT1\nmute ann\nsay -fragments 2 -ping $WORD1 hub $TEXT2\npong hub $WORD1"}, Work: t.TempDir(), Seed: 1, Patience: 20 * tick})
	require.Equal(t, labs.Fail, v.Outcome, "%s\n%s", v.Why, v.Log)
	require.Equal(t, "hub sent a ping, and no pong came back.", v.Failure.Headline)
}
