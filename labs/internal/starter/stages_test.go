package starter

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/testdata/race"
)

// begins says, for each lab, where the program stands that has all labs before it done: which check fails first, how that is told, and
// which known mistake is the cause.
var begins = []struct{ check, headline, cause string }{
	{"1.1", `^ann said ".+"\. ann heard it; ben and cat did not\.$`, "sender-only"},
	{"2.1", `^The client \(ann\) ended with status 0\.$`, "gives-up-silently"},
	{"3.1", `^The server was to listen on 127\.0\.0\.1:8080\. It listens on 127\.0\.0\.1:2000\.$`, "port-server-2000"},
	{"4.1", `^ann said ".+"\. ann heard it without an address before it\.$`, "tag-missing"},
	{"5.1", `^The server's line about a new connection has no name of its own\.$`, "name-missing"},
	{"6.5", `^The client \(cat\) did not end within 2s\.$`, "input-end-ignored"},
	{"7.2", `^The server held \S+ MiB of memory before\. Now it holds \S+ MiB\.$`, "queue-unlimited"},
	{"8.1", `^ann says nothing, and is not pinged: 0 pings so far, and then none for 1s\.$`, "never-pings"},
	{"9.1", `^The server has not said Close to eve within 2s, and holds the connection\.$`, "too-long-taken"},
	{"10.1", `^(The server said no Close to ann: it ended the connection without a Close|ann said ".+"\. ann.* heard it; .+ did not)\.$`, "signal-unhandled"},
	{"11.1", `^Two goroutines of the server use the same memory at the same time, and one of them writes: .*server/pass\.go:\d+`, "data-race"},
}

// TestOneProgramGrows takes the program with the first n labs done, for every n. It builds, passes these labs, and fails the next one
// as declared. Nothing at all passes of the starter itself, and everything of the last. Of those between, only the lab just done and
// the next are judged, if not everything is wanted: the stages before and the last one show the others. On a person's machine every fifth n is tried.
func TestOneProgramGrows(t *testing.T) {
	kit, catalogue := here(t), labs.All()
	world := pod.Probe(t.Context(), false)
	require.Len(t, begins, len(catalogue))
	for n := range len(catalogue) + 1 {
		if !thorough() && n%5 != 0 {
			continue
		}
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			first, end := 0, min(n+1, len(catalogue))
			switch {
			case n == 0 && thorough():
				end = len(catalogue)
			case !everything() && (n < len(catalogue) || !thorough()):
				first = max(0, n-1)
			}
			judged := catalogue[first:end]
			found, grader := verdicts(t, kit, world, n, judged)
			for j, lab := range judged {
				i := lab.Number - 1
				failed := slices.IndexFunc(found[j], func(v labs.Verdict) bool { return v.Outcome != labs.Pass })
				if i < n {
					require.Less(t, failed, 0, "%s: %v", lab.Dir, found[j])
					continue
				}
				require.GreaterOrEqual(t, failed, 0, "%s passes, and is not done", lab.Dir)
				v := found[j][failed]
				require.Equal(t, labs.Fail, v.Outcome, "%s %s\n%s", v.Check.ID(), v.Why, v.Log)
				if i == n {
					for tries := 3; tries > 0 && v.Failure.CauseID == ""; tries-- { // a race, or on a busy machine anything, may be missed
						grader.DiagnoseFirst(t.Context(), found[j])
					}
					require.Equal(t, begins[i].cause, v.Failure.CauseID, v.Failure.Also)
					require.Equal(t, begins[i].check, v.Check.ID(), v.Log)
					require.Regexp(t, begins[i].headline, v.Failure.Headline)
				}
			}
		})
	}
}

// thorough asks for every stage: CI does, once, without the race detector.
func thorough() bool { return os.Getenv("CI") != "" && !race.Enabled }

// everything asks for all labs up to the one that fails, at every stage: make experiments.
func everything() bool { return os.Getenv("EXPERIMENTS") == "all" }

// verdicts judges the program with n labs done in the required checks of some labs. They come lab by lab, and
// with the judge.
func verdicts(t *testing.T, kit Kit, world pod.World, n int, judged []labs.Lab) ([][]labs.Verdict, judge.Judge) {
	t.Helper()
	dir := t.TempDir()
	files, err := kit.Workspace(n)
	require.NoError(t, err)
	require.NoError(t, write(dir, files))
	if thorough() {
		vet := exec.CommandContext(t.Context(), "go", "vet", "./server/...", "./client")
		vet.Dir = dir
		out, err := vet.CombinedOutput()
		require.NoError(t, err, string(out))
	}

	source, err := judge.Load(dir)
	require.NoError(t, err)
	submission, err := source.Build(t.Context(), t.TempDir())
	require.NoError(t, err)
	var checks []labs.Check
	for _, lab := range judged {
		checks = append(checks, required(lab)...)
	}
	grader := judge.Judge{World: world, Submission: submission, Seed: 1, Parallel: 4}
	all, err := grader.Run(t.Context(), checks)
	require.NoError(t, err)
	var byLab [][]labs.Verdict
	for _, lab := range judged {
		byLab = append(byLab, all[:len(required(lab))])
		all = all[len(required(lab)):]
	}
	return byLab, grader
}

func required(lab labs.Lab) []labs.Check {
	return slices.DeleteFunc(slices.Clone(lab.Checks), func(c labs.Check) bool { return c.Kind != labs.Required })
}
