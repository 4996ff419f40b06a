package starter

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// small makes a kit in a folder of its own, with some files around it that do not belong to it.
func small(t *testing.T, more map[string]string) string {
	t.Helper()
	const main = "package main\n\nfunc main() {\n\t//lab:1 begin  Say more.\n\tprintln()\n\t//lab:1 end\n}\n"
	files := map[string]string{
		"go.mod":               "module broadcastlab\n\ngo 1.25\n",
		"server/main.go":       main,
		"server/main_test.go":  "package main\n",
		"server/main.go.swp":   "",
		"server/server":        "an executable",
		"server/more_plan9.go": "package main\n",
		"client/main.go":       strings.ReplaceAll(main, "\n", "\r\n"), // as a careless checkout may have it
		"labs/labs.go":         "package labs\n\nimport _ \"embed\"\n\n//go:embed 1.txtar\nvar file string\n",
		"labs/1.txtar":         "# required: All is well.\n",
		"labs/notes.txt":       "",
		"testdata/wrong/a.go":  "package a\n",
		".lab/state.json":      "{}",
		"labs/.lab/state.json": "{}",
		"node_modules/a/a.go":  "package a\n",
	}
	maps.Copy(files, more)
	dir := t.TempDir()
	require.NoError(t, write(dir, files))
	return dir
}

func TestWorkspaceIsWhatIsCompiled(t *testing.T) {
	kit, err := Find(t.Context(), filepath.Join(small(t, nil), "labs"))
	require.NoError(t, err)
	files, err := kit.Workspace(0)
	require.NoError(t, err)
	require.Equal(t, []string{"README.md", "client/main.go", "go.mod", "labs/1.txtar", "labs/labs.go", "server/main.go", "server/more_plan9.go"},
		slices.Sorted(maps.Keys(files)))
	const main = "package main\n\nfunc main() {\n\t// TODO lab 1: Say more.\n}\n"
	require.Equal(t, main, files["server/main.go"])
	require.Equal(t, main, files["client/main.go"])
	require.Equal(t, "# required: All is well.\n", files["labs/1.txtar"])
}

func TestNoLinkIsFollowed(t *testing.T) {
	dir := small(t, nil)
	secret := filepath.Join(t.TempDir(), "secret.go")
	require.NoError(t, os.WriteFile(secret, []byte("package main\n"), 0o644))
	if err := os.Symlink(secret, filepath.Join(dir, "server", "secret.go")); err != nil {
		t.Skip("no links here:", err) // Windows lets few users make one
	}
	kit, err := Find(t.Context(), dir)
	require.NoError(t, err)
	_, err = kit.Workspace(0)
	require.EqualError(t, err, "server/secret.go is no regular file: a workspace is made of nothing else")
}

func TestBrokenRegionIsToldWithItsFile(t *testing.T) {
	kit, err := Find(t.Context(), small(t, map[string]string{"server/chat.go": "package main\n\n//lab:1 begin\n"}))
	require.NoError(t, err)
	_, err = kit.Workspace(0)
	require.EqualError(t, err, "server/chat.go: the region //lab:1 has no end")
}

// TestWorkspaceHoldsNoSolution looks at what the kit really hands out.
func TestWorkspaceHoldsNoSolution(t *testing.T) {
	files, err := here(t).Workspace(0)
	require.NoError(t, err)
	todo := regexp.MustCompile(`TODO lab (\d+): \S`)
	var open []string
	for name, text := range files {
		require.NotRegexp(t, `_test\.go$|(^|/)testdata/|^\.lab/`, name)
		if isProgram(name) {
			require.NotContains(t, text, mark, name)
			for _, m := range todo.FindAllStringSubmatch(text, -1) {
				open = append(open, m[1])
			}
		}
	}
	slices.Sort(open)
	var places []string
	for i, lab := range labs.All() {
		if begins[i].check != "" {
			places = append(places, strconv.Itoa(lab.Number))
		}
	}
	slices.Sort(places)
	require.Equal(t, places, slices.Compact(open), "each lab that begins somewhere has a place in the starter")

	done, err := here(t).Workspace(len(labs.All()))
	require.NoError(t, err)
	for name, text := range done {
		if isProgram(name) {
			require.NotRegexp(t, todo, text, name)
		}
	}
}

// TestREADMESpeaksOfWhatIsThere holds the README to the workspace: each path in its table is in it.
func TestREADMESpeaksOfWhatIsThere(t *testing.T) {
	files, err := here(t).Workspace(0)
	require.NoError(t, err)
	paths := regexp.MustCompile("(?m)^\\| `(.+?)` \\|").FindAllStringSubmatch(files["README.md"], -1)
	require.NotEmpty(t, paths)
	for _, p := range paths {
		require.True(t, slices.ContainsFunc(slices.Collect(maps.Keys(files)), func(name string) bool {
			return name == p[1] || strings.HasSuffix(p[1], "/") && strings.HasPrefix(name, p[1])
		}), p[1])
	}
	indonesian, err := readme("id")
	require.NoError(t, err)
	for _, p := range paths {
		require.Contains(t, indonesian, "\n"+p[0], "the table in Indonesian")
	}
}

func TestREADMEInItsLanguage(t *testing.T) {
	kit := here(t)
	for lang, title := range map[string]string{"": "# Your broadcast chat\n", "en": "# Your broadcast chat\n", "id": "# Broadcast chat Anda\n", "fr": "# Your broadcast chat\n"} {
		kit.Lang = lang
		files, err := kit.Workspace(0)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(files["README.md"], title), "%q: %.40q", lang, files["README.md"])
	}
}

// TestHead: the commit is that of the folder, whatever a hook's environment says of another repository.
func TestHead(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), nil, 0o644))
	require.Empty(t, Head(t.Context(), dir))
	require.NoError(t, Commit(t.Context(), dir))
	t.Setenv("GIT_DIR", other)
	require.Regexp(t, commitID, Head(t.Context(), dir))
}
