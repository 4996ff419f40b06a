package watch

import (
	"context"
	"io/fs"
	"path/filepath"
	"time"
)

// pollPause is the pause between two looks at the files. A look at very many takes long; the pause is then so long that
// looking takes a tenth of the time at most.
const pollPause = 100 * time.Millisecond

// A poll finds changes by looking at all files again and again.
type poll struct {
	dir  string
	last map[string]stamp
}

// A stamp is what a write changes.
type stamp struct {
	size int64
	time time.Time
	mode fs.FileMode
}

func newPoll(dir string) *poll { return &poll{dir, look(dir)} }

func (p *poll) follow(ctx context.Context, wrote func(string)) error {
	pause := time.NewTimer(pollPause)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pause.C:
		}
		began := time.Now()
		now := look(p.dir)
		for name, s := range now {
			if old, known := p.last[name]; !known || old != s {
				wrote(name)
			}
		}
		for name := range p.last {
			if _, there := now[name]; !there {
				wrote(name)
			}
		}
		p.last = now
		pause.Reset(max(pollPause, 9*time.Since(began)))
	}
}

// look returns the stamps of all files. What cannot be read is not there: it may be gone already, or not yet whole.
func look(dir string) map[string]stamp {
	files := map[string]stamp{}
	walk(dir, ".", func(name string, d fs.DirEntry) {
		if d.IsDir() {
			return
		}
		if info, err := d.Info(); err == nil {
			files[name] = stamp{info.Size(), info.ModTime(), info.Mode()}
		}
	})
	return files
}

// walk visits the folder named below dir and everything in it that is not ignored.
func walk(dir, below string, visit func(name string, d fs.DirEntry)) {
	filepath.WalkDir(filepath.Join(dir, filepath.FromSlash(below)), func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone meanwhile, or not ours to read
		}
		rel, err := filepath.Rel(dir, file)
		name := filepath.ToSlash(rel)
		switch {
		case err != nil:
			return nil
		case !ignored(name):
			visit(name, d)
		case d.IsDir():
			return fs.SkipDir
		}
		return nil
	})
}
