package judge

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	rightServer = "[server]\nrun = [\"python3\", \"server.py\", \"$ADDR\"]\n"
	rightClient = "[client]\nrun = [\"python3\", \"client.py\", \"$URL\"]\n"
)

// folder is a folder with these files; a name that ends in / is a folder of its own.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		if name[len(name)-1] == '/' {
			require.NoError(t, os.MkdirAll(file, 0o755))
			continue
		}
		require.NoError(t, os.WriteFile(file, []byte(text), 0o755))
	}
	return dir
}

func TestRecipes(t *testing.T) {
	for _, c := range []struct{ name, toml, wrong string }{
		{"both", rightServer + rightClient, ""},
		{"an address inside an argument", "[server]\nrun = [\"./s\", \"--listen=$ADDR\"]\n" + rightClient, ""},
		{"a fixed address", "[server]\nrun = [\"./s\"]\naddr = \"127.0.0.1:2000\"\n" + rightClient, ""},
		{"all there is", "[server]\nbuild = [\"make\"]\nrun = [\"./s\", \"$ADDR\"]\nbare = [\"./s\"]\n" + rightClient, ""},

		{"no TOML", rightServer + "[client\n", "lab.toml:4: expected"},
		{"a string for a list", "[server]\nrun = \"python3\"\n" + rightClient, "lab.toml"},
		{"unknown key", rightServer + "cwd = \".\"\n" + rightClient, `lab.toml: unknown key "server.cwd"`},
		{"unknown table", rightServer + rightClient + "[sever]\nrun = [\"x\"]\n", `lab.toml: unknown key "sever`},
		{"no client", rightServer, "lab.toml: [client] run is missing"},
		{"nothing at all", "", "lab.toml: [server] run is missing"},
		{"an empty command", "[server]\nrun = [\"\"]\n" + rightClient, "[server] run is missing"},
		{"an empty build", rightServer + "build = []\n" + rightClient, "[server] build is empty"},
		{"an empty bare", rightServer + rightClient + "bare = [\"\"]\n", "[client] bare is empty"},
		{"no address", "[server]\nrun = [\"./s\"]\n" + rightClient, "[server] run has neither $ADDR nor $URL"},
		{"two addresses", rightServer + "addr = \"127.0.0.1:2000\"\n" + rightClient, "[server] addr is for a program that takes no address"},
		{"an address elsewhere", "[server]\nrun = [\"./s\"]\naddr = \"10.0.0.1:2000\"\n" + rightClient, `[server] addr "10.0.0.1:2000": want an address like`},
		{"a name for an address", "[server]\nrun = [\"./s\"]\naddr = \"localhost:2000\"\n" + rightClient, `addr "localhost:2000"`},
		{"no port", "[server]\nrun = [\"./s\"]\naddr = \"127.0.0.1:0\"\n" + rightClient, `addr "127.0.0.1:0"`},
	} {
		_, err := Load(folder(t, map[string]string{tomlName: c.toml}))
		if c.wrong == "" {
			require.NoError(t, err, c.name)
			continue
		}
		require.ErrorIs(t, err, ErrNoSubmission, c.name)
		require.ErrorContains(t, err, c.wrong, c.name)
	}
}

func TestLoadSaysWhatIsMissing(t *testing.T) {
	_, err := Load(folder(t, map[string]string{"server/": "", "client/": ""}))
	require.NoError(t, err)

	dir := folder(t, map[string]string{"server/": "", "file": "x"})
	for path, wrong := range map[string]string{
		dir:                          "has no client/ and no lab.toml",
		filepath.Join(dir, "server"): "has no server/ and no client/ and no lab.toml",
		filepath.Join(dir, "file"):   "is a file",
		filepath.Join(dir, "gone"):   "there is no folder",
	} {
		_, err := Load(path)
		require.ErrorIs(t, err, ErrNoSubmission, path)
		require.ErrorContains(t, err, wrong, path)
	}
}
