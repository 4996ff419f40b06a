package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The programs of the submission that somebody works on stay in their cache folder from one run to the next: the go command links only
// what has changed, and linking is most of a build. A submission that was handed in brings none along, as it could in its own folder.
const (
	keptPrograms = 8              // submissions whose programs are kept, those that were judged last
	lostPrograms = 24 * time.Hour // a run in use for longer was killed
	inUse        = "in-use-"      // begins the name of a folder that belongs to one run
)

// openPrograms returns the folder that the programs of the submission in dir are built in. It belongs to the caller alone until
// done is called. Where nothing can be kept, and for a submission that is not the user's own, it is a new one.
func openPrograms(dir string, own bool) (bin string, done func(), err error) {
	cache, err := os.UserCacheDir()
	if err != nil || !own {
		return newPrograms()
	}
	cache = filepath.Join(cache, "broadcastlab", "programs")
	os.MkdirAll(cache, 0o755) // if it fails, so does what follows
	taken, err := os.MkdirTemp(cache, inUse)
	if err != nil {
		return newPrograms()
	}
	kept := filepath.Join(cache, fmt.Sprintf("%x", sha256.Sum256([]byte(dir)))[:16])
	bin = filepath.Join(taken, "bin")
	os.Rename(kept, bin) // fails where there is none, or another run has it: go build makes the folder
	return bin, func() {
		now := time.Now()
		os.Chtimes(bin, now, now)
		os.Rename(bin, kept) // fails where another run has put its own there
		os.RemoveAll(taken)
		prunePrograms(cache)
	}, nil
}

func newPrograms() (string, func(), error) {
	bin, err := os.MkdirTemp("", "lab-bin-")
	return bin, func() { os.RemoveAll(bin) }, err
}

// prunePrograms removes what nobody is likely to need again.
func prunePrograms(cache string) {
	entries, _ := os.ReadDir(cache) // what cannot be read cannot be pruned
	type folder struct {
		name string
		used time.Time
	}
	var kept []folder
	for _, e := range entries {
		info, err := e.Info()
		switch {
		case err != nil: // gone meanwhile
		case !strings.HasPrefix(e.Name(), inUse):
			kept = append(kept, folder{e.Name(), info.ModTime()})
		case time.Since(info.ModTime()) > lostPrograms:
			os.RemoveAll(filepath.Join(cache, e.Name()))
		}
	}
	slices.SortFunc(kept, func(a, b folder) int { return cmp.Compare(b.used.UnixNano(), a.used.UnixNano()) })
	for _, f := range kept[min(len(kept), keptPrograms):] {
		os.RemoveAll(filepath.Join(cache, f.name))
	}
}
