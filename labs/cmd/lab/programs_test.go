package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// cacheHere makes a cache folder of the test's own the user's.
func cacheHere(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, home)
	}
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	return filepath.Join(cache, "broadcastlab", "programs")
}

// build puts a program into the folder, as the go command would, and returns what was there before.
func build(t *testing.T, bin, text string) (before string) {
	t.Helper()
	file := filepath.Join(bin, "server")
	data, err := os.ReadFile(file)
	if err != nil {
		require.ErrorIs(t, err, os.ErrNotExist)
	}
	require.NoError(t, os.MkdirAll(bin, 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o755))
	return string(data)
}

func TestProgramsAreKept(t *testing.T) {
	cache := cacheHere(t)
	run := func(dir string, own bool) (string, func(string) string) {
		bin, done, err := openPrograms(dir, own)
		require.NoError(t, err)
		return bin, func(text string) string {
			before := build(t, bin, text)
			done()
			require.NoDirExists(t, bin)
			return before
		}
	}
	_, end := run("/chat", true)
	require.Empty(t, end("first"))
	_, end = run("/chat", true)
	require.Equal(t, "first", end("second"))
	_, end = run("/other", true)
	require.Empty(t, end("other"), "each submission has its own")
	_, end = run("/chat", false)
	require.Empty(t, end("handed in"), "of one that was handed in nothing is kept")

	oneBin, one := run("/chat", true)
	twoBin, two := run("/chat", true)
	require.NotEqual(t, oneBin, twoBin, "two runs at a time are not in each other's way")
	require.Equal(t, "second", one("third"))
	require.Empty(t, two("fourth"))
	_, end = run("/chat", true)
	require.Equal(t, "third", end("fifth"))
	entries, err := os.ReadDir(cache)
	require.NoError(t, err)
	require.Len(t, entries, 2, "nothing is left of any run")
}

func TestProgramsWithoutACache(t *testing.T) {
	cache := cacheHere(t)
	require.NoError(t, os.MkdirAll(filepath.Dir(cache), 0o755))
	require.NoError(t, os.WriteFile(cache, nil, 0o644), "a file where the folder should be")
	bin, done, err := openPrograms("/chat", true)
	require.NoError(t, err)
	require.Empty(t, build(t, bin, "first"))
	done()
	require.NoDirExists(t, bin)
	if runtime.GOOS != "windows" {
		t.Setenv("HOME", "")
		t.Setenv("XDG_CACHE_HOME", "")
		_, done, err = openPrograms("/chat", true)
		require.NoError(t, err, "nobody's home")
		done()
	}
}

func TestPruneProgramsThatNobodyNeeds(t *testing.T) {
	cache := cacheHere(t)
	lost, busy := filepath.Join(cache, inUse+"lost"), filepath.Join(cache, inUse+"busy")
	require.NoError(t, os.MkdirAll(lost, 0o755))
	require.NoError(t, os.MkdirAll(busy, 0o755))
	longAgo := time.Now().Add(-2 * lostPrograms)
	require.NoError(t, os.Chtimes(lost, longAgo, longAgo))
	for i := range keptPrograms + 2 {
		bin, done, err := openPrograms(fmt.Sprint("/chat", i), true)
		require.NoError(t, err)
		build(t, bin, fmt.Sprint(i))
		done()
	}
	require.NoDirExists(t, lost)
	require.DirExists(t, busy)
	entries, err := os.ReadDir(cache)
	require.NoError(t, err)
	require.Len(t, entries, keptPrograms+1)
	bin, done, err := openPrograms(fmt.Sprint("/chat", keptPrograms+1), true)
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(keptPrograms+1), build(t, bin, ""), "those that were judged last are kept")
	done()
}
