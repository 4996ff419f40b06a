package labs_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	_ "github.com/coder/websocket" // of testdata/right/coder: go mod tidy does not look into testdata
	"github.com/stretchr/testify/require"
	_ "golang.org/x/net/websocket" // of testdata/right/xnet

	"broadcastlab/labs"
	"broadcastlab/labs/internal/harness"
	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/testdata/parallel"
	"broadcastlab/testdata/race"
)

// The tests of this file are the kit's experiments: the reference passes every check of every lab, every known wrong program fails
// where it says, every right program of another style passes. A grader is trusted only for what it was seen to refuse.

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0") // else each pod's first process waits a second at its end, under -race
	judge.Main()
	parallel.Default(6) // they wait for the patience with wrong programs to run out
	findPython()
	os.Exit(m.Run())
}

// findPython has python3 be Python itself. What stands first on a path may be a script that looks at each start for the version to run,
// and takes longer than what is run.
func findPython() {
	python, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if dir := filepath.Dir(strings.TrimSpace(string(python))); err == nil && filepath.IsAbs(dir) {
		os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	}
}

// atOnce is how many checks one test runs at a time: several tests run at once already.
const atOnce = 4

// thorough asks for all known programs: CI does. On a person's machine each check is seen to refuse one program, and, save where much is
// said, to take every right one, in one world.
func thorough() bool { return os.Getenv("CI") != "" }

// everything asks for more than CI does, every program on every check and mistake that could have to do with it: make experiments. It
// is for whoever changes a check that known programs of other labs meet, and takes some minutes more.
func everything() bool { return os.Getenv("EXPERIMENTS") == "all" }

// worlds are the two ways in which checks run. In CI the private one must be there.
func worlds(t *testing.T) map[string]pod.World {
	isolated := pod.Probe(t.Context(), false)
	if !isolated.Isolated && os.Getenv("CI") != "" {
		require.Fail(t, "no private networks here, and in CI there must be", isolated.Why)
	}
	all := map[string]pod.World{"shared": pod.Probe(t.Context(), true)}
	if isolated.Isolated {
		all["isolated"] = isolated
	}
	return all
}

// build builds the submission in dir.
func build(t *testing.T, dir string) harness.Submission {
	t.Helper()
	source, err := judge.Load(dir)
	require.NoError(t, err)
	submission, err := source.Build(t.Context(), t.TempDir())
	require.NoError(t, err)
	return submission
}

// tried are the worlds in which known programs are tried: all of them, or the private one alone. The race detector has nothing new to
// see in a second one.
func tried(t *testing.T) map[string]pod.World {
	all := worlds(t)
	if (race.Enabled || !thorough()) && len(all) > 1 {
		delete(all, "shared")
	}
	return all
}

// verdicts judges a submission and returns what the checks found, in order.
func verdicts(t *testing.T, world pod.World, submission harness.Submission, checks []labs.Check, hurry int) []labs.Verdict {
	t.Helper()
	found, err := grader(world, submission, hurry).Run(t.Context(), checks)
	require.NoError(t, err)
	return found
}

func grader(world pod.World, submission harness.Submission, hurry int) judge.Judge {
	return judge.Judge{World: world, Submission: submission, Seed: 1, Parallel: atOnce, Hurry: hurry}
}

// told is a verdict as a failing test shows it.
func told(v labs.Verdict) string {
	text := fmt.Sprintf("%s %s: %s %s", v.Check.ID(), v.Check.Title, v.Outcome, v.Why)
	if v.Failure != nil {
		text += "\n" + v.Failure.Headline + "\nexpected " + v.Failure.Expected + "\nheard " + v.Failure.Heard
	}
	if v.Outcome != labs.Pass {
		text += "\n" + v.Log
	}
	return text
}

func everyCheck() []labs.Check {
	var checks []labs.Check
	for _, lab := range labs.All() {
		checks = append(checks, lab.Checks...)
	}
	return checks
}

var pouring = regexp.MustCompile(`(?m)^(! )?pour `)

// pours reports whether much is said in a script.
func pours(c labs.Check) bool { return pouring.MatchString(c.Script) }

// inTime leaves out the checks that pour where the kit's own peers are too slow for them: under the race detector.
func inTime(checks []labs.Check) []labs.Check {
	return slices.DeleteFunc(checks, func(c labs.Check) bool { return race.Enabled && pours(c) })
}

// light leaves out the checks and mistakes that pour or build with the race detector: they take as much as all others together. What
// they show is shown by the reference, and in CI by the other programs in one world.
func light(scripts []labs.Check) []labs.Check {
	return slices.DeleteFunc(scripts, func(c labs.Check) bool {
		return pours(c) || harness.UsesRace(c.Script)
	})
}

// usesRace reports whether some script has the server built with the race detector.
func usesRace(scripts []labs.Check) bool {
	return slices.ContainsFunc(scripts, func(c labs.Check) bool { return harness.UsesRace(c.Script) })
}

func TestReferencePasses(t *testing.T) {
	t.Parallel()
	submission := build(t, "..")
	all := worlds
	if race.Enabled {
		all = tried
	}
	worlds := all(t)
	for name, world := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checks := inTime(everyCheck())
			if !world.Isolated && !thorough() {
				checks = light(checks)
			}
			for _, v := range verdicts(t, world, submission, checks, 1) {
				skipWithoutRace(t, v)
				require.Equal(t, labs.Pass, v.Outcome, told(v))
			}
			if inFull(worlds, world) {
				makesNoMistake(t, world, submission, everyMistake())
			}
		})
	}
}

var (
	failsAt = regexp.MustCompile(`(?m)^(?://|#) Fails: (\d+\.\d+)$`)
	passes  = regexp.MustCompile(`(?m)^(?://|#) Passes: (.+)$`)
)

// declared finds what the program in dir says of itself: in its lab.toml, or on top of one of its mains.
func declared(t *testing.T, dir string, what *regexp.Regexp) string {
	t.Helper()
	found := declaredIfAny(t, dir, what)
	require.NotEmpty(t, found, "%s: want a line that fits %s", dir, what)
	return found
}

func programs(t *testing.T, kind string) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join("..", "testdata", kind, "*"))
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	return dirs
}

// upTo returns the checks that come before the one of that ID, and it: of its own lab all, the required ones first, and of each lab
// before it the first one, or if everything is wanted all required ones. Those that pour cost as much as all others together: they are
// for the programs of their own lab.
func upTo(t *testing.T, id string) []labs.Check {
	t.Helper()
	checks := everyCheck()
	slices.SortStableFunc(checks, func(a, b labs.Check) int {
		if a.Lab != b.Lab || a.Kind == b.Kind {
			return strings.Compare(a.Lab, b.Lab)
		}
		return strings.Compare(string(a.Kind), string(b.Kind)) // required before stretch
	})
	i := slices.IndexFunc(checks, func(c labs.Check) bool { return c.ID() == id })
	require.GreaterOrEqual(t, i, 0, "there is no check %s", id)
	lab, before := checks[i].Lab, ""
	return slices.DeleteFunc(checks[:i+1], func(c labs.Check) bool {
		first := c.Lab != before
		before = c.Lab
		return c.Lab != lab && (c.Kind == labs.Stretch || pours(c) || !first && !everything())
	})
}

// asItIs fits the main of a program that is right/rawtcp's own.
var asItIs = regexp.MustCompile(`(?m)^func main\(\) \{\s+simple\.(Server|Client)\{\}\.Main\(\)\s+\}$`)

// about leaves out the checks that start only the program that is right: right/rawtcp passes them all.
func about(t *testing.T, dir string, checks []labs.Check) []labs.Check {
	t.Helper()
	return slices.DeleteFunc(checks, func(c labs.Check) bool {
		return !slices.ContainsFunc(sides, func(side string) bool { return !isRight(dir, side) && harness.Starts(c.Script, side) })
	})
}

// isRight reports whether one side of a program is right/rawtcp's.
func isRight(dir, side string) bool {
	main, _ := os.ReadFile(filepath.Join(dir, side, "main.go"))
	return asItIs.Match(main)
}

// hurry shortens the time limits in the scripts for wrong programs: one that hangs for 10 s would for 30 s too.
const hurry = 3

// TestWrongProgramsFailWhereTheySay runs each known wrong program through all checks up to the one that it says it fails. Where checks
// share the machine's network the others have shown what they can: there the one is enough, of one program for each check, and under the
// race detector too.
func TestWrongProgramsFailWhereTheySay(t *testing.T) {
	t.Parallel()
	worlds := tried(t)
	all := programs(t, "wrong")
	switch {
	case race.Enabled: // one for each lab has the kit do all it can do
		all = onePer(all, func(dir string) string { return strings.Split(declared(t, dir, failsAt), ".")[0] })
	case !thorough():
		all = onePer(all, func(dir string) string { return declared(t, dir, failsAt) })
	}
	inBoth := onePer(slices.Clone(all), func(dir string) string { return declared(t, dir, failsAt) })
	linked := linkTogether(t, programs(t, "wrong"))
	var diagnosed atomic.Int32
	if thorough() && !race.Enabled { // else nobody is asked for a diagnosis
		t.Cleanup(func() { t.Logf("%d of %d known mistakes are diagnosed", diagnosed.Load(), len(all)) })
	}
	for _, dir := range all {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			checks := about(t, dir, upTo(t, declared(t, dir, failsAt)))
			submission := linked.submission(t, dir, t.TempDir())
			if usesRace(checks) {
				submission = build(t, dir)
			}
			for name, world := range worlds {
				if inFull(worlds, world) {
					found := verdicts(t, world, submission, checks, hurry)
					failsLast(t, name, found)
					if getsDiagnosis(t, dir, grader(world, submission, hurry), found) {
						diagnosed.Add(1)
					}
				} else if everything() || slices.Contains(inBoth, dir) {
					failsLast(t, name, verdicts(t, world, submission, checks[len(checks)-1:], hurry))
				}
			}
		})
	}
}

// onePer keeps the first of the folders for each key.
func onePer(dirs []string, key func(dir string) string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(dirs, func(dir string) bool {
		k := key(dir)
		again := seen[k]
		seen[k] = true
		return again
	})
}

// skipWithoutRace skips a test, but never in CI, where nothing can be built with the race detector.
func skipWithoutRace(t *testing.T, v labs.Verdict) {
	t.Helper()
	if v.Outcome == labs.Skip && harness.UsesRace(v.Check.Script) && !thorough() {
		t.Skip(v.Why)
	}
}

// failsLast wants the last verdict to be a fail that is told well, and all before it to be passes.
func failsLast(t *testing.T, world string, found []labs.Verdict) {
	t.Helper()
	last := found[len(found)-1]
	skipWithoutRace(t, last)
	for _, v := range found[:len(found)-1] {
		require.Equal(t, labs.Pass, v.Outcome, "%s: %s", world, told(v))
	}
	require.Equal(t, labs.Fail, last.Outcome, "%s: %s", world, told(last))
	require.NotEmpty(t, last.Failure.Headline)
	require.NotEmpty(t, last.Failure.Expected)
	require.NotEmpty(t, last.Failure.Heard)
}

// required returns the checks that a right program says it passes: all the required ones, or those of some labs.
func required(t *testing.T, says string) []labs.Check {
	t.Helper()
	checks := slices.DeleteFunc(everyCheck(), func(c labs.Check) bool { return c.Kind != labs.Required })
	if says == "all required" {
		return checks
	}
	if says == "all" {
		return everyCheck()
	}
	// as in: required of 1, 2; 3.2-3.5
	whole, some, _ := strings.Cut(strings.TrimPrefix(says, "required of "), "; ")
	wanted := strings.Split(whole, ", ")
	from, to, isRange := strings.Cut(some, "-")
	return slices.DeleteFunc(checks, func(c labs.Check) bool {
		lab, _, _ := strings.Cut(c.ID(), ".")
		return !slices.Contains(wanted, lab) && !(isRange && c.ID() >= from && c.ID() <= to)
	})
}

func TestRightProgramsPass(t *testing.T) {
	t.Parallel()
	worlds := tried(t)
	all := programs(t, "right")
	if race.Enabled { // it looks at the kit, which does the same with all of them
		all = all[:1]
	}
	built := build
	if !thorough() { // nobody has to build them with the race detector either
		linked := linkTogether(t, slices.DeleteFunc(slices.Clone(all), hasRecipe))
		built = func(t *testing.T, dir string) harness.Submission {
			if hasRecipe(dir) {
				return build(t, dir)
			}
			return linked.submission(t, dir, t.TempDir())
		}
	}
	for _, dir := range all {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			if filepath.Base(dir) == "python" && !onPath("python3") {
				require.Empty(t, os.Getenv("CI"), "python3 is missing, and in CI it must be there")
				t.Skip("no python3 here")
			}
			checks := inTime(required(t, declared(t, dir, passes)))
			if !thorough() {
				checks = light(checks)
			}
			require.NotEmpty(t, checks)
			submission := built(t, dir)
			for name, world := range worlds {
				checks := checks
				if !world.Isolated && len(worlds) > 1 {
					if !otherwise(dir) && !everything() {
						continue
					}
					checks = light(slices.Clone(checks))
				}
				for _, v := range verdicts(t, world, submission, checks, 1) {
					skipWithoutRace(t, v)
					require.Equal(t, labs.Pass, v.Outcome, "%s: %s", name, told(v))
				}
				if inFull(worlds, world) && (otherwise(dir) || everything()) {
					makesNoMistake(t, world, submission, light(everyMistake()))
				}
			}
		})
	}
}

// otherwise reports whether a right program does most things in another way than the reference does: another library, another form of
// the lines. Such programs are searched for known mistakes, and tried in every world.
func otherwise(dir string) bool {
	return slices.Contains([]string{"bracket", "coder"}, filepath.Base(dir))
}

func onPath(command string) bool {
	_, err := exec.LookPath(command)
	return err == nil
}

func TestContent(t *testing.T) {
	catalogue := labs.All()
	names := map[string]string{}
	for i, lab := range catalogue {
		require.Equal(t, i+1, lab.Number)
		require.NotEmpty(t, lab.Title, lab.Dir)
		require.True(t, slices.ContainsFunc(lab.Checks, func(c labs.Check) bool { return c.Kind == labs.Required }), "%s requires nothing", lab.Dir)
		for _, heading := range []string{"## Goal", "## Background", "## What to do", "## What to watch", "## Questions"} {
			require.Contains(t, lab.Lesson, "\n"+heading+"\n", lab.Dir)
		}
		for _, c := range lab.Checks {
			line, err := harness.Lint(c)
			require.NoError(t, err, "%s:%d", c.File, line)
			require.Empty(t, names[c.Name], "%s: the name is taken by %s", c.File, names[c.Name])
			names[c.Name] = c.File
			require.FileExists(t, filepath.Join("..", c.File))
			require.NotContains(t, c.Script, "\nstop", c.File)
		}
	}
	onDisk, err := filepath.Glob("*/*.txtar")
	require.NoError(t, err)
	require.Len(t, everyCheck(), len(onDisk), "every script on disk is in the catalogue")
}

// hasRecipe reports whether lab.toml says how the program in dir is built and started.
func hasRecipe(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "lab.toml"))
	return err == nil
}

// TestImportsPointOneWay holds the house together: the kit knows a program only as a process, and no program knows the kit.
func TestImportsPointOneWay(t *testing.T) {
	for pkg, forbidden := range map[string]string{
		"../server":           `^broadcastlab/(labs|client)`,
		"../server/broadcast": `^broadcastlab/|gorilla`,
		"../client":           `^broadcastlab/(labs|server)`,
		"./cmd/lab":           `^broadcastlab/(server|client)`,
		".":                   `^broadcastlab/labs/`,
		"./internal/pod":      `^broadcastlab/labs(/internal/(wire|harness|judge|report))?$`,
		"./internal/wire":     `^broadcastlab/labs(/internal/(pod|harness|judge|report))?$`,
		"./internal/harness":  `^broadcastlab/labs/(internal/(judge|report)|cmd)`,
		"./internal/judge":    `^broadcastlab/labs/(internal/report|cmd)`,
		"./internal/trace":    `^broadcastlab/labs/cmd`,
		"./internal/report":   `^broadcastlab/labs/(internal/(pod|wire|harness|judge)|cmd)`,
		"./internal/starter":  `^broadcastlab/`,
	} {
		out, err := exec.CommandContext(context.Background(), "go", "list", "-deps", pkg).Output()
		require.NoError(t, err, pkg)
		own, err := exec.CommandContext(context.Background(), "go", "list", pkg).Output()
		require.NoError(t, err, pkg)
		bad := regexp.MustCompile(forbidden)
		for _, dep := range strings.Fields(string(out)) {
			require.False(t, dep != strings.TrimSpace(string(own)) && bad.MatchString(dep), "%s imports %s", pkg, dep)
		}
	}
}

func TestSentenceAbove(t *testing.T) {
	c, err := labs.ParseCheck("1-test.txtar", "# required: All hear.\nserver\n\n# Ann speaks.\nsay ann x\nhears ann x\n\n# Ben speaks.\nsay ben x\n")
	require.NoError(t, err)
	for line, want := range []string{"0", "0 All hear.", "0 All hear.", "0 All hear.", "1 Ann speaks.", "1 Ann speaks.", "1 Ann speaks.", "1 Ann speaks.", "2 Ben speaks.", "2 Ben speaks."} {
		number, text := c.SentenceAbove(line)
		require.Equal(t, want, strings.TrimSpace(fmt.Sprint(number, " ", text)), "line %d", line)
	}
}
