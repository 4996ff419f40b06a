package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/report"
	"broadcastlab/testdata/race"
)

// lab runs the command in this process and returns what it wrote.
func lab(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	return status, out.String(), errs.String()
}

// in runs a program in dir, and wants it to succeed.
func in(t *testing.T, dir string, argv ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%v: %s", argv, out)
	return string(out)
}

func TestInit(t *testing.T) {
	t.Setenv("GIT_DIR", filepath.Join(t.TempDir(), "elsewhere")) // as in a hook of another repository
	dir := filepath.Join(t.TempDir(), "new", "my chat")
	status, stdout, stderr := lab(t, "init", dir)
	require.Equal(t, 0, status, stderr)
	require.Empty(t, stderr)
	require.Equal(t, `A workspace with the starter in server/ and client/. Nothing passes yet: that is where you begin.
  cd '`+dir+`'
  go tool lab           what to do next
  go tool lab check 1   whether the first lab is done
`, stdout)

	os.Unsetenv("GIT_DIR") // Setenv above puts it back
	require.Equal(t, "lab the starter\n", in(t, dir, "git", "log", "--all", "--format=%an %s"))
	require.Empty(t, in(t, dir, "git", "status", "--porcelain", "--ignored"))
	require.Empty(t, in(t, dir, "gofmt", "-l", "."))
	in(t, dir, "go", "vet", "./server/...", "./client")
	if os.Getenv("CI") != "" && !race.Enabled { // the whole kit, compiled once more
		in(t, dir, "go", "vet", "./...")
		require.Contains(t, in(t, dir, "go", "tool", "lab"), "▸ start here")
	}

	// The workspace is judged by its own lab command, and cannot have workspaces of its own.
	status, stdout, _ = lab(t, "check", "-C", dir, "1.1")
	require.Equal(t, report.StatusFail, status)
	require.Contains(t, stdout, "ann heard it; ben and cat did not.")
	t.Chdir(dir)
	status, _, stderr = lab(t, "init", filepath.Join(t.TempDir(), "again"))
	require.Equal(t, statusUsage, status)
	require.Regexp(t, `\Alab: no kit here: server/ and client/ in ".+" are not the reference, but somebody's own\nhint: .+\n\z`, stderr)
}

func TestInitTakesAnEmptyFolder(t *testing.T) {
	dir := t.TempDir()
	status, _, stderr := lab(t, "init", dir)
	require.Equal(t, 0, status, stderr)
	require.FileExists(t, filepath.Join(dir, "server", "chat.go"))
}

func TestInitRefuses(t *testing.T) {
	full := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(full, "notes.txt"), nil, 0o644))
	file := filepath.Join(full, "notes.txt")
	for dir, want := range map[string]string{
		full:                         `init: ".+" is not empty: want a new folder, or an empty one`,
		file:                         `init: ".+" is a file: want a new folder, or an empty one`,
		filepath.Join(file, "below"): `init: .+`,
		".":                          `init: "\." is inside the kit, in ".+": a workspace has a place of its own`,
		"new":                        `init: "new" is inside the kit, in ".+": a workspace has a place of its own`,
		filepath.Join("..", "..", "..", "server", "..", "new"): `init: ".+" is inside the kit, in ".+": a workspace has a place of its own`,
	} {
		status, stdout, stderr := lab(t, "init", dir)
		require.Equal(t, statusUsage, status, dir)
		require.Empty(t, stdout, dir)
		require.Regexp(t, `\Alab: `+want+`\n\z`, stderr)
	}
	require.NoDirExists(t, "new")
	entries, err := os.ReadDir(full)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

// A link to the kit, or to a folder in it, leads into the kit as well.
func TestInitSeesThroughLinks(t *testing.T) {
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Skip("no links here:", err) // Windows lets few users make one
	}
	status, _, stderr := lab(t, "init", filepath.Join(link, "chat"))
	require.Equal(t, 0, status, stderr)

	here, err := os.Getwd()
	require.NoError(t, err)
	require.NoError(t, os.Remove(link))
	require.NoError(t, os.Symlink(here, link))
	status, _, stderr = lab(t, "init", filepath.Join(link, "chat", "new"))
	require.Equal(t, statusUsage, status)
	require.Contains(t, stderr, "is inside the kit")
	require.NoDirExists(t, "chat")
}

func TestInitWithoutPermission(t *testing.T) {
	closed := t.TempDir()
	require.NoError(t, os.Chmod(closed, 0o555))
	places := []string{closed, filepath.Join(closed, "new")}
	if os.Geteuid() <= 0 { // whoever runs this test may write in every folder, save in those that the kernel makes up
		places = []string{"/sys/new"}
	}
	if _, err := os.Stat(filepath.Dir(places[0])); err != nil {
		t.Skip("no folder here that this user may not write in")
	}
	for _, dir := range places {
		status, stdout, stderr := lab(t, "init", dir)
		require.Equal(t, statusUsage, status)
		require.Empty(t, stdout)
		require.Regexp(t, `\Alab: init: (mkdir|open) .+: (permission denied|operation not permitted|read-only file system)\n\z`, stderr)
	}
}

func TestInitOutsideTheKit(t *testing.T) {
	t.Chdir(t.TempDir())
	status, stdout, stderr := lab(t, "init", "chat")
	require.Equal(t, statusUsage, status)
	require.Empty(t, stdout)
	require.Equal(t, "lab: no kit here: the starter is made of the kit's own sources\n"+
		"hint: change to a clone of the kit, and there: go tool lab init DIR\n", stderr)
	require.NoDirExists(t, "chat")
}

func TestInitWithoutGit(t *testing.T) {
	root := strings.TrimSpace(in(t, ".", "go", "env", "GOROOT"))
	t.Setenv("PATH", filepath.Join(root, "bin"))
	dir := filepath.Join(t.TempDir(), "chat")
	status, stdout, stderr := lab(t, "init", dir)
	require.Equal(t, 0, status, stderr)
	require.Contains(t, stdout, "\nIt is no git repository: git is not installed.\n")
	require.FileExists(t, filepath.Join(dir, "README.md"))
	require.NoDirExists(t, filepath.Join(dir, ".git"))
}
