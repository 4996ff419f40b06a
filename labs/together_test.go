package labs_test

import (
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/harness"
)

// To link a hundred programs takes longer than to judge them. So known programs of a kind are linked together: the result is the
// program by whose name it is called.
type together struct{ file string }

var sides = []string{"server", "client"}

// linkTogether builds the programs in these folders. The go command gets them as packages of one command that is nowhere on disk.
func linkTogether(t *testing.T, dirs []string) together {
	t.Helper()
	const command = "testdata/together"
	temp := t.TempDir()
	replaced := map[string]string{}
	virtual := func(name, text string) {
		file := filepath.Join(temp, fmt.Sprint(len(replaced), ".go"))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		replaced[filepath.Join("..", filepath.FromSlash(command), filepath.FromSlash(name))] = file
	}
	var imports, cases strings.Builder
	for i, dir := range dirs {
		for _, side := range sides {
			text, err := os.ReadFile(filepath.Join(dir, side, "main.go"))
			require.NoError(t, err)
			pkg := fmt.Sprintf("%s%d", side, i)
			as := strings.NewReplacer("\npackage main\n", "\npackage "+pkg+"\n", "\nfunc main() {", "\nfunc Main() {").Replace("\n" + string(text))
			require.Contains(t, as, "\nfunc Main() {", dir)
			virtual(pkg+"/main.go", as)
			fmt.Fprintf(&imports, "%q\n", "broadcastlab/"+command+"/"+pkg)
			fmt.Fprintf(&cases, "case %q:\n%s.Main()\n", filepath.Base(dir)+"-"+side, pkg)
		}
	}
	main, err := format.Source([]byte("package main\n\nimport (\n\"os\"\n\"path/filepath\"\n\"strings\"\n" + imports.String() + ")\n\nfunc main() {\n" +
		"switch name := strings.TrimSuffix(filepath.Base(os.Args[0]), \".exe\"); name {\n" + cases.String() + "default:\npanic(\"no program \" + name)\n}\n}\n"))
	require.NoError(t, err)
	virtual("main.go", string(main))
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(temp, "overlay.json"), overlay, 0o644))

	file := filepath.Join(temp, "together")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-ldflags=-w", "-overlay", filepath.Join(temp, "overlay.json"), "-o", file, "../"+command)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return together{file}
}

// submission is what [build] returns for the same folder, in bin.
func (c together) submission(t *testing.T, dir, bin string) harness.Submission {
	t.Helper()
	program := func(side, flag, value string) harness.Program {
		file := filepath.Join(bin, filepath.Base(dir)+"-"+side)
		if runtime.GOOS == "windows" {
			file += ".exe"
		}
		require.NoError(t, os.Link(c.file, file))
		return harness.Program{
			Dir: dir, Run: []string{file, flag, value}, Bare: []string{file},
			Shown: []string{"go", "run", "./" + side, flag, value}, ShownBare: []string{"go", "run", "./" + side},
		}
	}
	return harness.Submission{Server: program("server", "-addr", "$ADDR"), Client: program("client", "-url", "$URL")}
}
