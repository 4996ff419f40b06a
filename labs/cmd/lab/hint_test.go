package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// Whoever starts a ladder over reads it again, and has used no fewer hints.
func TestHintsUsedOutliveARestart(t *testing.T) {
	lab := labs.All()[0]
	m := lab.Mistakes[0]
	h := hinting{states: map[string]labState{lab.Dir: {Outcome: labs.Fail, Diagnosis: m.ID, Hints: map[string]int{m.ID: 3, general: 1, "of-yesterday": 2}}}}
	require.Equal(t, 4, hintsUsed(lab, h.states[lab.Dir]))
	h.restart(lab)
	require.Zero(t, taken(h.states[lab.Dir], m.ID, m.Hints))
	require.Equal(t, 4, hintsUsed(lab, h.states[lab.Dir]))
	h.states[lab.Dir].Hints[m.ID] = 1
	h.restart(lab)
	require.Equal(t, 4, hintsUsed(lab, h.states[lab.Dir]))
	require.Equal(t, len(m.Hints), hintsUsed(lab, labState{Restarted: map[string]int{m.ID: 99}}), "the state is a file that anybody may have edited")
}
