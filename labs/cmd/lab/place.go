package main

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/watch"
)

// A place is a line in a source file of the submission.
type place struct {
	file string // as in server/main.go
	line int    // from 1
	text string
}

const (
	longestSource = 1 << 20
	longestLine   = 120 // what is shown of one
)

// findPlace looks for what a mistake says in the sources of its side, file by file in the order of their names. Comments do not count.
func findPlace(dir string, m labs.Mistake) (found place, ok bool) {
	if m.Find == nil {
		return place{}, false
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return place{}, false
	}
	defer root.Close()
	fs.WalkDir(root.FS(), m.Side, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !watch.IsSource(name) || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		if info, err := entry.Info(); err != nil || info.Size() > longestSource {
			return nil
		}
		text, err := root.ReadFile(name)
		if err != nil {
			return nil
		}
		if found, ok = findIn(path.Clean(name), text, m.Find); ok {
			return fs.SkipAll
		}
		return nil
	})
	return found, ok
}

// findIn returns the first line outside of comments at which something begins that fits.
func findIn(name string, text []byte, fits *regexp.Regexp) (place, bool) {
	for _, at := range fits.FindAllIndex(text, -1) {
		n := bytes.Count(text[:at[0]], []byte("\n"))
		line := strings.TrimSpace(strings.Split(string(text), "\n")[n])
		if !strings.HasPrefix(line, "//") && !strings.HasPrefix(line, "#") {
			return place{name, n + 1, line[:min(len(line), longestLine)]}, true
		}
	}
	return place{}, false
}
