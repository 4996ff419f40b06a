package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestServerThatKnowsNoSuchFlag(t *testing.T) {
	s := fake("crash")
	s.Server = s.Client
	v := judged(t, s, "server -- -ping 200ms\npeer ann\nhears ann x")
	require.Equal(t, labs.Fail, v.Outcome, "%s\n%s", v.Why, v.Log)
	require.Equal(t, "Started with -ping 200ms, the server ended with status 1 before it listened.", v.Failure.Headline)
	require.Contains(t, v.Failure.Expected, "-ping DURATION")
	require.Contains(t, v.Transcript[0].Text, "-ping 200ms")
}
