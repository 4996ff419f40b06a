package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestFindPlace(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"server/a_test.go":   "mu.Lock()\n",
		"server/notes.md":    "mu.Lock()\n",
		"server/main.go":     "package main\n\n// mu.Lock() first\nfunc f() {\n\tmu.Lock()\n}\n",
		"client/main.go":     "mu.Lock() // of the other side\n",
		"server/z/deeper.go": "mu.Lock()\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	find := func(side, pattern string) place {
		found, ok := findPlace(dir, labs.Mistake{Side: side, Find: regexp.MustCompile("(?m)" + pattern)})
		require.Equal(t, found != place{}, ok)
		return found
	}
	require.Equal(t, place{"server/main.go", 5, "mu.Lock()"}, find("server", `\.Lock\(\)`), "no test, no comment, the first file")
	require.Equal(t, place{"server/main.go", 4, "func f() {"}, find("server", `^func.*\n.*Lock`))
	require.Equal(t, place{"client/main.go", 1, "mu.Lock() // of the other side"}, find("client", `Lock`))
	require.Zero(t, find("server", "Unlock"))
	_, ok := findPlace(filepath.Join(dir, "none"), labs.Mistake{Side: "server", Find: regexp.MustCompile("x")})
	require.False(t, ok)
	_, ok = findPlace(dir, labs.Mistake{})
	require.False(t, ok, "a mistake that says no place")
}

// TestHintsSayAPlaceOrNone goes down every ladder with no file to find anything in: each hint stands without its place.
func TestHintsSayAPlaceOrNone(t *testing.T) {
	for _, lang := range []labs.Language{labs.English, labs.Indonesian} {
		for _, lab := range labs.In(lang) {
			for _, m := range lab.Mistakes {
				require.NotContains(t, hintsOn(t, t.TempDir(), lab, m.ID, lang), labs.Place, m.File)
			}
		}
	}
}

// TestHintSaysThePlace: the hint before the last names the line, in both languages.
func TestHintSaysThePlace(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "server"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "server", "main.go"), []byte("func serve() {\n\tconn.WriteMessage(1, text)\n}\n"), 0o644))
	for lang, want := range map[labs.Language]string{
		labs.English:    "Look at server/main.go:2: `conn.WriteMessage(1, text)`.",
		labs.Indonesian: "Lihat server/main.go:2: `conn.WriteMessage(1, text)`.",
	} {
		told := hintsOn(t, dir, labs.In(lang)[0], "sender-only", lang)
		require.Contains(t, strings.Join(strings.Fields(told), " "), want)
	}
}

// hintsOn are all hints of a ladder, as they are given.
func hintsOn(t *testing.T, dir string, lab labs.Lab, mistake string, lang labs.Language) string {
	t.Helper()
	var out bytes.Buffer
	states := map[string]labState{lab.Dir: {Outcome: labs.Fail, Diagnosis: mistake}}
	h := hinting{dir: dir, command: "lab", lang: lang, w: &out, states: states}
	m, _ := labs.FindMistake(mistake, lang)
	for range m.Hints {
		require.NoError(t, h.next(lab))
	}
	return out.String()
}
