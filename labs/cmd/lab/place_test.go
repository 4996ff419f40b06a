package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
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

// TestHintsName goes down every ladder that says a place, with files in which it is and in which it is not: nothing of $PLACE is left.
func TestHintsName(t *testing.T) {
	for _, lang := range []labs.Language{labs.English, labs.Indonesian} {
		for _, lab := range labs.In(lang) {
			for _, m := range lab.Mistakes {
				var out bytes.Buffer
				h := hinting{dir: t.TempDir(), command: "lab", lang: lang, w: &out,
					states: map[string]labState{lab.Dir: {Outcome: labs.Fail, Diagnosis: m.ID}}}
				for range m.Hints {
					require.NoError(t, h.next(lab))
				}
				require.NotContains(t, out.String(), labs.Place, m.File)
			}
		}
	}
}
