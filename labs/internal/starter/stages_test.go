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

// begins says for each lab in what way the program fails there that has all labs before it done: where a student begins.
var begins = []struct{ check, headline string }{
	{"1.1", "?"},
	{"2.1", "?"},
	{"3.1", "?"},
	{"4.1", "?"},
	{"5.1", "?"},
}

// TestOneProgramGrows builds the starter with the first n labs done, for every n. It passes these labs and fails the next.
func TestOneProgramGrows(t *testing.T) {
	kit := here(t)
	world := pod.Probe(t.Context(), false)
	require.Len(t, begins, len(labs.All()))
	for n := range len(labs.All()) + 1 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			files, err := kit.Workspace(n)
			require.NoError(t, err)
			require.NoError(t, write(dir, files))
			vet(t, dir)
			for i, lab := range labs.All()[:min(n+1, len(labs.All()))] {
				lab.Checks = slices.DeleteFunc(slices.Clone(lab.Checks), func(c labs.Check) bool { return c.Kind != labs.Required })
				_ = i
			}
			source, err := judge.Load(dir)
			require.NoError(t, err)
			submission, err := source.Build(t.Context(), t.TempDir())
			require.NoError(t, err)
			verdicts, err := judge.Judge{World: world, Submission: submission, Seed: 1}.Run(t.Context(), checks(n))
			require.NoError(t, err)
			for _, v := range verdicts {
				h := ""
				if v.Failure != nil {
					h = v.Failure.Headline
				}
				t.Log(v.Check.ID(), v.Outcome, v.Why, h, v.Duration)
			}
		})
	}
}

func checks(n int) []labs.Check {
	var all []labs.Check
	for _, l := range labs.All() {
		for _, c := range l.Checks {
			if c.Kind == labs.Required {
				all = append(all, c)
			}
		}
	}
	return all
}

func vet(t *testing.T, dir string) {
	cmd := exec.CommandContext(t.Context(), "go", "vet", "./server/...", "./client")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}
