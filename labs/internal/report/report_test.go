package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestOutcomeAndStatus(t *testing.T) {
	v := func(kind labs.Kind, o labs.Outcome) labs.Verdict {
		return labs.Verdict{Check: labs.Check{Kind: kind}, Outcome: o, Whose: labs.Machine}
	}
	script := labs.Verdict{Check: labs.Check{Kind: labs.Stretch}, Outcome: labs.Error, Whose: labs.Script}
	const req, stretch = labs.Required, labs.Stretch
	tests := []struct {
		name     string
		verdicts []labs.Verdict
		outcome  labs.Outcome
		status   int
	}{
		{"all pass", []labs.Verdict{v(req, labs.Pass), v(stretch, labs.Pass)}, labs.Pass, StatusPass},
		{"stretch fails", []labs.Verdict{v(req, labs.Pass), v(stretch, labs.Fail)}, labs.Pass, StatusPass},
		{"stretch alone fails", []labs.Verdict{v(stretch, labs.Fail)}, labs.Pass, StatusPass},
		{"stretch unjudged for the machine", []labs.Verdict{v(req, labs.Pass), v(stretch, labs.Error)}, labs.Pass, StatusPass},
		{"stretch with a wrong script", []labs.Verdict{v(req, labs.Pass), script}, labs.Pass, StatusUnjudged},
		{"required fails", []labs.Verdict{v(req, labs.Pass), v(req, labs.Fail)}, labs.Fail, StatusFail},
		{"fail outweighs error", []labs.Verdict{v(req, labs.Error), v(req, labs.Fail)}, labs.Fail, StatusFail},
		{"required unjudged", []labs.Verdict{v(req, labs.Pass), v(req, labs.Error)}, labs.Error, StatusUnjudged},
		{"build outweighs all", []labs.Verdict{v(req, labs.Fail), v(stretch, labs.Build)}, labs.Build, StatusBuild},
		{"some skipped", []labs.Verdict{v(req, labs.Pass), v(req, labs.Skip)}, labs.Pass, StatusPass},
		{"all skipped", []labs.Verdict{v(req, labs.Skip), v(stretch, labs.Pass)}, labs.Skip, StatusUnjudged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := Lab{Verdicts: tt.verdicts}
			require.Equal(t, tt.outcome, l.Outcome())
			require.Equal(t, tt.status, Run{Labs: []Lab{l}}.Status())
		})
	}
}

func TestStatusOfSeveralLabs(t *testing.T) {
	of := func(o labs.Outcome) Lab {
		return Lab{Verdicts: []labs.Verdict{{Check: labs.Check{Kind: labs.Required}, Outcome: o, Whose: labs.Kit}}}
	}
	status := func(all ...Lab) int { return Run{Labs: all}.Status() }
	require.Equal(t, StatusUnjudged, status(), "nothing was judged")
	require.Equal(t, StatusPass, status(of(labs.Pass), of(labs.Skip)))
	require.Equal(t, StatusFail, status(of(labs.Error), of(labs.Fail)))
	require.Equal(t, StatusUnjudged, status(of(labs.Pass), of(labs.Error)))
	require.Equal(t, StatusBuild, status(of(labs.Fail), of(labs.Build)))
}

func TestCountAndDuration(t *testing.T) {
	l := manyFail().Labs[0]
	passed, all := l.Count(labs.Required)
	require.Equal(t, []int{1, 3}, []int{passed, all})
	passed, all = l.Count(labs.Stretch)
	require.Equal(t, []int{0, 2}, []int{passed, all})
	require.Equal(t, "210ms", l.Duration().String())
}
