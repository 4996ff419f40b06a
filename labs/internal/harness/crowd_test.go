package harness

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCrowdComparesWhatWasHeard: who came later has heard less at the beginning, and then the same.
func TestCrowdComparesWhatWasHeard(t *testing.T) {
	g := &crowd{c: testCheck(t)}
	heard := func(name string, texts ...string) *member {
		m := &member{crowd: g, name: name, heard: texts}
		g.members = append(g.members, m)
		return m
	}
	ann := heard("ann", "a 0", "b 0", "b 1", "z last")
	ben := heard("ben", "b 0", "b 1", "z last", "what comes behind it is not compared")
	require.NoError(t, g.sameOrder([]*member{ann, ben}))
	require.NoError(t, g.sameOrder([]*member{ben, ann}))

	for _, cat := range []*member{
		heard("cat", "b 1", "b 0", "z last"),
		heard("cat", "a 0", "b 1", "z last"),
		heard("cat", "b 0", "b 0", "b 1", "z last"),
	} {
		err := g.sameOrder([]*member{ann, cat})
		require.Contains(t, headline(t, err), "ann and cat have not heard the same")
	}
}
