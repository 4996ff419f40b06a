package starter

import (
	"fmt"
	"os/exec"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
)

// begins says, for each lab, where the program stands that has all labs before it done: which check fails first, and how that is told.
// It is empty for a lab whose pieces the starter has already.
var begins = []struct{ check, headline string }{
	{"1.1", `^ann said ".+"\. ann heard it; ben and cat did not\.$`},
	{"2.1", `^The client \(ann\) ended with status 0\.$`},
	{"3.1", `^The server was to listen on 127\.0\.0\.1:8080\. It listens on 127\.0\.0\.1:2000\.$`},
	{"4.1", `^ann said ".+"\. ann heard it without an address before it\.$`},
	{"5.1", `^The server's line about a new connection has no name of its own\.$`},
	{"6.5", `^The client \(cat\) did not end within 2s\.$`},
	{}, // lab 7: the reference's one log with its cursors is there from the start
	{"8.1", `^ann says nothing, and is not pinged: 0 pings so far, and then none for 2s\.$`},
	{"9.1", `^The server has not said Close to eve within 2s, and holds the connection\.$`},
	{"10.1", `^(The server said no Close to ann: it ended the connection without a Close|ann said ".+"\. ann.* heard it; .+ did not)\.$`},
	{}, // lab 11: what the reference does under its locks it does from the start
}

// TestOneProgramGrows takes the program with the first n labs done, for every n. It builds, passes these labs, and fails the next one
// as declared. Nothing at all passes of the starter itself.
func TestOneProgramGrows(t *testing.T) {
	kit, catalogue := here(t), labs.All()
	world := pod.Probe(t.Context(), false)
	require.Len(t, begins, len(catalogue))
	for n := range len(catalogue) + 1 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			judged := catalogue[:min(n+1, len(catalogue))]
			if n == 0 {
				judged = catalogue
			}
			found := verdicts(t, kit, world, n, judged)
			for i, lab := range judged {
				failed := slices.IndexFunc(found[i], func(v labs.Verdict) bool { return v.Outcome != labs.Pass })
				if i < n {
					require.Less(t, failed, 0, "%s: %v", lab.Dir, found[i])
					continue
				}
				if n > 0 && begins[i].check == "" {
					require.Less(t, failed, 0, "%s: %v", lab.Dir, found[i])
					continue
				}
				require.GreaterOrEqual(t, failed, 0, "%s passes, and is not done", lab.Dir)
				v := found[i][failed]
				require.Equal(t, labs.Fail, v.Outcome, "%s %s\n%s", v.Check.ID(), v.Why, v.Log)
				if i == n {
					require.Equal(t, begins[i].check, v.Check.ID(), v.Log)
					require.Regexp(t, begins[i].headline, v.Failure.Headline)
				}
			}
		})
	}
}

// verdicts judges the program with n labs done in the required checks of some labs. They come lab by lab.
func verdicts(t *testing.T, kit Kit, world pod.World, n int, judged []labs.Lab) [][]labs.Verdict {
	t.Helper()
	dir := t.TempDir()
	files, err := kit.Workspace(n)
	require.NoError(t, err)
	require.NoError(t, write(dir, files))
	vet := exec.CommandContext(t.Context(), "go", "vet", "./server/...", "./client")
	vet.Dir = dir
	out, err := vet.CombinedOutput()
	require.NoError(t, err, string(out))

	source, err := judge.Load(dir)
	require.NoError(t, err)
	submission, err := source.Build(t.Context(), t.TempDir())
	require.NoError(t, err)
	var checks []labs.Check
	for _, lab := range judged {
		checks = append(checks, required(lab)...)
	}
	all, err := judge.Judge{World: world, Submission: submission, Seed: 1, Parallel: 4}.Run(t.Context(), checks)
	require.NoError(t, err)
	var byLab [][]labs.Verdict
	for _, lab := range judged {
		byLab = append(byLab, all[:len(required(lab))])
		all = all[len(required(lab)):]
	}
	return byLab
}

func required(lab labs.Lab) []labs.Check {
	return slices.DeleteFunc(slices.Clone(lab.Checks), func(c labs.Check) bool { return c.Kind != labs.Required })
}
