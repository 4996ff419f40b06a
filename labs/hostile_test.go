package labs_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/harness"
	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/labs/internal/report"
	"broadcastlab/testdata/race"
)

const (
	hostileLimit = 2 * time.Minute // a check that takes longer hangs; none of them is near it
	verdictLimit = 32 << 20        // bytes of the texts of one verdict
)

var says = regexp.MustCompile(`(?m)^// Says: (.+)$`)

// TestHostilePrograms judges programs that are broken, or mean harm: each is told as what it is, in both worlds, and nothing
// of it is left, in memory, in the report or running.
func TestHostilePrograms(t *testing.T) {
	t.Parallel()
	all := tried(t)
	linked := linkTogether(t, programs(t, "hostile"))
	for _, dir := range programs(t, "hostile") {
		if (race.Enabled || !thorough()) && strings.Contains(dir, "floods-") {
			continue // a flood takes long; the harness has tests of its own for them
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			if strings.HasSuffix(dir, "-memory") && runtime.GOOS != "linux" {
				t.Skip("what a program takes is limited on Linux only")
			}
			bin := t.TempDir()
			submission := linked.submission(t, dir, bin)
			for name, world := range all {
				if strings.Contains(dir, "floods-") && !world.Isolated && len(all) > 1 && !everything() {
					continue // a flood is dear, and the same in every world
				}
				t.Run(name, func(t *testing.T) {
					v := judgeHostile(t, world, submission, hostileCheck(t, dir))
					require.Empty(t, running(t, bin))
					if v.Outcome == labs.Pass {
						require.Equal(t, v.Check.ID(), declared(t, dir, passes))
						return
					}
					require.Equal(t, labs.Fail, v.Outcome, told(v))
					require.Contains(t, wording(v), declared(t, dir, says))
					requireHarmless(t, v)
				})
			}
		})
	}
}

// hostileCheck is the check that judges the side which is hostile: the one that says what is to be said of it.
func hostileCheck(t *testing.T, dir string) labs.Check {
	t.Helper()
	id := "1.1"
	if text, err := os.ReadFile(filepath.Join(dir, "client", "main.go")); err == nil && says.Match(text) {
		id = "1.5"
	}
	lab, err := labs.Find(id)
	require.NoError(t, err)
	return lab.Checks[0]
}

func judgeHostile(t *testing.T, world pod.World, submission harness.Submission, check labs.Check) labs.Verdict {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hostileLimit)
	defer cancel()
	found, err := judge.Judge{World: world, Submission: submission, Seed: 1}.Run(ctx, []labs.Check{check})
	require.NoError(t, err)
	return found[0]
}

// wording is all that a failure says in words.
func wording(v labs.Verdict) string {
	f := v.Failure
	return strings.Join(append([]string{f.Headline, f.Expected, f.Heard, f.Next}, f.Facts...), "\n")
}

// running lists the processes whose program is in that folder, as far as the system tells.
func running(t *testing.T, folder string) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	require.NoError(t, err)
	var found []string
	for _, link := range links {
		if exe, err := os.Readlink(link); err == nil && strings.HasPrefix(exe, folder) {
			found = append(found, link+" is "+exe)
		}
	}
	return found
}

// obeyed are starts of lines that a terminal, go test -json or a CI system would take for a word of their own.
var obeyed = regexp.MustCompile(`(?m)^\s*(::|\x16|--- |PASS|FAIL|ok\s)`)

// requireHarmless asserts on what a verdict may hold, and on what reports make of it.
func requireHarmless(t *testing.T, v labs.Verdict) {
	t.Helper()
	size := len(wording(v)) + len(v.Log)
	for _, e := range v.Transcript {
		size += len(e.Text)
	}
	require.Less(t, size, verdictLimit)
	run := report.Run{Tool: "lab", Labs: []report.Lab{{Lab: labs.Lab{Title: "Hostile"}, Verdicts: []labs.Verdict{v}}}}
	var text, junit bytes.Buffer
	require.NoError(t, report.Text(&text, run, report.Style{Verbose: true}))
	hidden := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
	require.False(t, strings.ContainsFunc(text.String(), hidden))
	require.Empty(t, obeyed.FindString(text.String()))
	require.NoError(t, report.JUnit(&junit, run))
	document := xml.NewDecoder(&junit)
	for {
		if _, err := document.Token(); err == io.EOF {
			break
		} else {
			require.NoError(t, err)
		}
	}
}
