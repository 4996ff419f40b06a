package labs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/harness"
	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/testdata/race"
)

// This file proves the diagnoses: each known mistake is found in the program that makes it, and in no other.

var diagnosis = regexp.MustCompile(`(?m)^(?://|#) Diagnosis: (\S+)$`)

// inFull reports whether everything is tried in a world. In the other one, and under the race detector, what matters most is enough.
func inFull(worlds map[string]pod.World, world pod.World) bool {
	return (world.Isolated || len(worlds) == 1) && !race.Enabled && thorough()
}

// getsDiagnosis wants the failure of a wrong program to have the cause that the program declares, and no mistake that is tried before it
// to fit; without a declaration none at all. If everything is wanted, nor does any other. It reports whether there is one.
func getsDiagnosis(t *testing.T, dir string, j judge.Judge, found []labs.Verdict) bool {
	t.Helper()
	want := declaredIfAny(t, dir, diagnosis)
	diagnose := j.DiagnoseFirst
	if everything() {
		diagnose = j.Diagnose
	}
	last := found[len(found)-1].Failure
	for tries := 3; tries > 0 && last.CauseID == ""; tries-- { // on a busy machine one may be missed, which is no harm
		diagnose(t.Context(), found)
		if want == "" {
			break
		}
	}
	require.Equal(t, want, last.CauseID, "%s; known mistakes that fit: %v", last.Headline, append(last.Also, last.CauseID))
	require.Empty(t, last.Also, "other known mistakes fit as well")
	if want != "" {
		require.NotEmpty(t, last.Cause)
		require.NotContains(t, last.Cause, "$")
	}
	return want != ""
}

// declaredIfAny is declared for what a program need not say; empty where it does not.
func declaredIfAny(t *testing.T, dir string, what *regexp.Regexp) string {
	t.Helper()
	var found []string
	for _, file := range []string{"lab.toml", "server/main.go", "client/main.go"} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			continue
		}
		for _, m := range what.FindAllStringSubmatch(string(text), -1) {
			found = append(found, m[1])
		}
	}
	found = slices.Compact(found) // both mains may say it
	require.LessOrEqual(t, len(found), 1, "%s: want one line that fits %s", dir, what)
	return strings.Join(found, "")
}

func everyMistake() []labs.Check {
	var scripts []labs.Check
	for _, lab := range labs.All() {
		for _, m := range lab.Mistakes {
			scripts = append(scripts, m.Check())
		}
	}
	return scripts
}

// makesNoMistake runs known mistakes on a right program: none is found, save in what the program does not claim to do right.
func makesNoMistake(t *testing.T, world pod.World, submission harness.Submission, scripts []labs.Check) {
	t.Helper()
	found, err := grader(world, submission, hurry).InHaste().Run(t.Context(), scripts)
	require.NoError(t, err)
	for _, v := range found {
		if v.Outcome == labs.Pass {
			failsToo(t, world, submission, v.Check)
		}
	}
}

// failsToo wants that mistake to be about a check that the program does fail.
func failsToo(t *testing.T, world pod.World, submission harness.Submission, mistake labs.Check) {
	t.Helper()
	id := declared(t, filepath.Join("..", "testdata", "wrong", mistake.Name), failsAt)
	check := oneCheck(t, id)
	v := verdicts(t, world, submission, []labs.Check{check}, hurry)[0]
	require.Equal(t, labs.Fail, v.Outcome, "%s is found in a program that passes %s", mistake.Name, id)
}

func oneCheck(t *testing.T, id string) labs.Check {
	t.Helper()
	checks := everyCheck()
	i := slices.IndexFunc(checks, func(c labs.Check) bool { return c.ID() == id })
	require.GreaterOrEqual(t, i, 0, "there is no check %s", id)
	return checks[i]
}

func TestMistakes(t *testing.T) {
	seen := map[string]string{}
	for _, lab := range labs.All() {
		onDisk, err := filepath.Glob(filepath.Join(lab.Dir, "mistakes", "*.txtar"))
		require.NoError(t, err)
		require.Len(t, lab.Mistakes, len(onDisk), "every script on disk is in the catalogue")
		for _, m := range lab.Mistakes {
			line, err := harness.Lint(m.Check())
			require.NoError(t, err, "%s:%d", m.File, line)
			require.Empty(t, seen[m.ID], "%s: the ID is taken by %s", m.File, seen[m.ID])
			seen[m.ID] = m.File
			require.True(t, harness.Starts(m.Script, "server") || harness.Starts(m.Script, "client"), "%s starts nobody", m.File)
			for _, id := range m.Explains {
				check, sentence, _ := strings.Cut(id, ":")
				require.LessOrEqual(t, sentence, strconv.Itoa(strings.Count(oneCheck(t, check).Script, "\n# ")), "%s explains %s", m.File, id)
			}
			require.True(t, strings.Contains(strings.ToLower(m.Sentence), "your "), "%s: a diagnosis is about the student's program", m.File)
		}
	}
}

// TestAnotherAddressIsSeenOnTheWire wants a client that dials where it was not sent to be told by its packets, in the lab about ports
// too, where it is not the first to fail.
func TestAnotherAddressIsSeenOnTheWire(t *testing.T) {
	t.Parallel()
	world := pod.Probe(t.Context(), false)
	if !world.Isolated {
		t.Skip("nothing is seen on the wire here")
	}
	dir := filepath.Join("..", "testdata", "wrong", "dials-elsewhere")
	submission := build(t, dir)
	found := verdicts(t, world, submission, []labs.Check{oneCheck(t, "2.2")}, hurry)
	require.True(t, getsDiagnosis(t, dir, grader(world, submission, hurry), found))
	f := found[0].Failure
	require.Equal(t, "The client was told 127.0.0.1:2000, and tried to connect to 127.0.0.1:8080.", f.Headline)
	require.Equal(t, "3 SYN to 127.0.0.1:8080, 3 refused (RST)", f.Heard)
	require.Equal(t, "Your client dials 127.0.0.1:8080, whatever address -url tells it.", f.Cause)
	require.Equal(t, "SYN", f.Excerpt[0].Text)
	require.True(t, f.Excerpt[0].Wrong)
	require.Equal(t, "RST (nobody listens)", f.Excerpt[1].Text)
}

// TestEveryMistakeIsProved wants a wrong program for each known mistake.
func TestEveryMistakeIsProved(t *testing.T) {
	proved := map[string]bool{}
	for _, dir := range programs(t, "wrong") {
		proved[declaredIfAny(t, dir, diagnosis)] = true
	}
	for _, lab := range labs.All() {
		for _, m := range lab.Mistakes {
			require.True(t, proved[m.ID], "%s: no program in testdata/wrong says \"Diagnosis: %s\"", m.File, m.ID)
		}
	}
}

// Who waits is told the cause of the first failure, and the same one that who does not wait is told.
func TestDiagnoseFirst(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"sender-only", "text-lower"} { // tried first, and behind many others
		dir = filepath.Join("..", "testdata", "wrong", dir)
		checks := []labs.Check{oneCheck(t, "1.1"), oneCheck(t, "1.2")}
		world := pod.Probe(t.Context(), false)
		submission := build(t, dir)
		found := verdicts(t, world, submission, checks, hurry)
		grader(world, submission, hurry).DiagnoseFirst(t.Context(), found)
		require.Equal(t, labs.Fail, found[0].Outcome, told(found[0]))
		require.Equal(t, declared(t, dir, diagnosis), found[0].Failure.CauseID)
		require.Equal(t, labs.Fail, found[1].Outcome, told(found[1]))
		require.Empty(t, found[1].Failure.CauseID)
	}
}
