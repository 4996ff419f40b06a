package judge

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/harness"
)

// TestServerThatHidesFromTheRaceDetector: that a server leaves out a file when the detector looks on is its own matter, and no skip.
func TestServerThatHidesFromTheRaceDetector(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		require.Empty(t, os.Getenv("CI"), "a C compiler is missing, and in CI it must be there")
		t.Skip("no C compiler here, which the race detector needs")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	write("go.mod", "module chat\n\ngo 1.25\n")
	write("server/main.go", "package main\n\nfunc main() { serve() }\n")
	write("server/serve.go", "//go:build !race\n\npackage main\n\nfunc serve() {}\n")
	write("client/main.go", "package main\n\nfunc main() {}\n")
	source, err := Load(dir)
	require.NoError(t, err)
	submission, err := source.Build(t.Context(), t.TempDir())
	require.NoError(t, err)
	no := Judge{Submission: submission}.raceBuild(t.Context())()
	require.Equal(t, labs.Build, no.Outcome, no.Why)
	require.Contains(t, no.Why, "server/main.go:3:15: undefined: serve")

	t.Setenv("PATH", filepath.Dir(goCommand(t))) // no compiler in it
	no = Judge{Submission: submission}.raceBuild(t.Context())()
	require.Equal(t, labs.Skip, no.Outcome, no.Why)

	require.Equal(t, harness.NoRace{}, Judge{}.raceBuild(t.Context())(), "a program that is not Go")
}

func goCommand(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("go")
	require.NoError(t, err)
	return path
}
