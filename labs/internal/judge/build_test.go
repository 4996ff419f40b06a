package judge

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func needsShell(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the builds of this test are shell commands")
	}
}

// TestHeadKeepsTheBeginning goes by io.Copy, as a command's output does.
func TestHeadKeepsTheBeginning(t *testing.T) {
	h := &head{limit: 10}
	n, err := io.Copy(h, io.LimitReader(strings.NewReader("first error, and many more"), 100))
	require.NoError(t, err)
	require.EqualValues(t, 26, n, "all of it is read: the build must not be held up")
	require.Equal(t, "first erro\n… 16 more bytes cut", h.String())

	h = &head{limit: 10}
	h.Write([]byte("short"))
	require.Equal(t, "short", h.String())
}

func TestBuildRunsEqualCommandsOnce(t *testing.T) {
	needsShell(t)
	build := "build = [\"sh\", \"-c\", \"echo built >> log\"]\n"
	dir := folder(t, map[string]string{
		tomlName: "[server]\nrun = [\"./chat\", \"$ADDR\"]\n" + build + "[client]\nrun = [\"./chat\", \"$URL\"]\nbare = [\"./chat\"]\n" + build,
		"chat":   "#!/bin/sh\n",
	})
	source, err := Load(dir)
	require.NoError(t, err)
	s, err := source.Build(t.Context(), t.TempDir())
	require.NoError(t, err)
	log, err := os.ReadFile(filepath.Join(dir, "log"))
	require.NoError(t, err)
	require.Equal(t, "built\n", string(log))
	require.Equal(t, []string{filepath.Join(dir, "chat"), "$ADDR"}, s.Server.Run)
	require.Equal(t, []string{"./chat", "$ADDR"}, s.Server.Shown, "a person types what lab.toml says")
	require.Equal(t, []string{filepath.Join(dir, "chat")}, s.Client.Bare)
	require.Nil(t, s.Server.Bare)
	require.Equal(t, dir, s.Server.Dir)
}

func TestBuildThatFails(t *testing.T) {
	needsShell(t)
	for _, c := range []struct{ name, server, command, output string }{
		{"with words", `build = ["sh", "-c", "echo no such type; exit 1"]` + "\n" + `run = ["sh", "$ADDR"]`, "sh -c echo no such type; exit 1", "no such type"},
		{"without", `build = ["sh", "-c", "exit 3"]` + "\n" + `run = ["sh", "$ADDR"]`, "sh -c exit 3", "exit status 3"},
		{"no such builder", `build = ["no-such-builder"]` + "\n" + `run = ["sh", "$ADDR"]`, "no-such-builder", "cannot be run"},
		{"nothing was built", `run = ["./chat", "$ADDR"]`, `lab.toml: [server] "./chat"`, "no such file"},
	} {
		source, err := Load(folder(t, map[string]string{tomlName: "[server]\n" + c.server + "\n" + rightClient}))
		require.NoError(t, err, c.name)
		_, err = source.Build(t.Context(), t.TempDir())
		var failed *BuildError
		require.ErrorAs(t, err, &failed, c.name)
		require.Equal(t, c.command, failed.Command, c.name)
		require.Contains(t, failed.Output, c.output, c.name)
	}
}

// A program that an earlier build has left is used where it still is the one that a build makes, and never else.
func TestBuildAgain(t *testing.T) {
	dir := folder(t, map[string]string{
		"go.mod": "module chat\n\ngo 1.25\n", "server/main.go": "package main\n\nfunc main() {}\n", "client/main.go": "package main\n\nfunc main() {}\n",
	})
	source, err := Load(dir)
	require.NoError(t, err)
	bin := t.TempDir()
	first, err := source.Build(t.Context(), bin)
	require.NoError(t, err)
	read := func(file string) string {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		return string(data)
	}
	server, client := read(first.Server.Bare[0]), read(first.Client.Bare[0])

	require.NoError(t, os.WriteFile(filepath.Join(dir, "server", "main.go"), []byte("package main\n\nfunc main() { println(1) }\n"), 0o644))
	second, err := source.Build(t.Context(), bin)
	require.NoError(t, err)
	require.NotEqual(t, server, read(second.Server.Bare[0]))
	require.Equal(t, client, read(second.Client.Bare[0]))

	require.NoError(t, os.WriteFile(filepath.Join(dir, "client", "main.go"), []byte("package client\n"), 0o644))
	_, err = source.Build(t.Context(), bin)
	var failed *BuildError
	require.ErrorAs(t, err, &failed, "the client that is there was built from another text")
	require.Contains(t, failed.Output, "./client is no main package")
}
