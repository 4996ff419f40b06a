package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))), string(got))
}

func write(t *testing.T, r Run, o Style) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Text(&b, r, o))
	return b.String()
}

func TestTextGolden(t *testing.T) {
	tests := map[string]Run{
		"pass": allPass(), "fail": oneFail(), "fails": manyFail(), "build": notBuilt(), "error": unjudged(), "hostile": hostileRun(),
		"alone": runOf(broadcast(failing(welcome))), "cause": runOf(broadcast(diagnosed())),
	}
	for name, r := range tests {
		t.Run(name, func(t *testing.T) {
			golden(t, name, []byte(write(t, r, Style{Width: 100})))
		})
	}
	golden(t, "verbose", []byte(write(t, manyFail(), Style{Width: 80, Verbose: true})))
}

func TestTextSurvivesHostileTexts(t *testing.T) {
	for _, o := range []Style{{}, {Verbose: true}, {Color: true, Width: 100}} {
		got := painted.ReplaceAllString(write(t, hostileRun(), o), "")
		require.Equal(t, Visible(got), got)
		require.NotContains(t, got, "##[")
		for line := range strings.Lines(got) {
			line = strings.TrimSpace(line)
			require.False(t, strings.HasPrefix(line, "::") || strings.HasPrefix(line, "--- ") || strings.HasPrefix(line, "PASS"), line)
		}
	}
}

func TestColourIsAHelpOnly(t *testing.T) {
	for _, r := range []Run{allPass(), manyFail(), notBuilt(), unjudged()} {
		plain, coloured := write(t, r, Style{}), write(t, r, Style{Color: true})
		require.NotContains(t, plain, "\x1b")
		require.Contains(t, coloured, "\x1b[")
		require.Equal(t, plain, painted.ReplaceAllString(coloured, ""))
	}
}

func TestVerboseKeepsTheWholeBuildOutput(t *testing.T) {
	why := strings.Repeat("server/main.go:1:1: wrong\n", 50)
	r := runOf(broadcast(labs.Verdict{Check: allHear, Outcome: labs.Build, Why: why}))
	require.Contains(t, write(t, r, Style{}), "… 31 more lines cut")
	require.Equal(t, 50, strings.Count(write(t, r, Style{Verbose: true}), "server/main.go:1:1: wrong"))
}

func TestTextReturnsTheWritersError(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.NoError(t, w.Close())
	require.ErrorIs(t, Text(w, allPass(), Style{}), os.ErrClosed)
	require.ErrorIs(t, JSON(w, allPass()), os.ErrClosed)
	require.ErrorIs(t, JUnit(w, allPass()), os.ErrClosed)
	require.ErrorIs(t, Lesson(w, "# x", Style{}), os.ErrClosed)
}
