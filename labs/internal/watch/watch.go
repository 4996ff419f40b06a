// Package watch tells when the files below a folder were written.
//
// Promised: a file that is written after Start has returned is reported once the folder has been quiet for a moment,
// all files of one burst together, and none is lost while nobody listens. New folders are seen, and so are editors
// that write a file beside the old one and rename it over.
//
// Not promised: what stands behind a symbolic link, and names that are of no interest (ignored).
package watch

import (
	"cmp"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Config says how to watch. The zero value waits for the system's events, and looks at the files itself where no
// events arrive.
type Config struct {
	Poll  bool          // look at the files again and again, whether events arrive or not
	Quiet time.Duration // how long nothing must have been written; zero means 50 ms

	open func(dir string) (source, error) // what gives events; nil means newEvents
}

// A Change is a file that was written, created, moved or removed.
type Change struct {
	Name string    // below the folder, with slashes; "." for too many to tell
	At   time.Time // when it was last written, by the file system's clock; for one that is gone, when that was seen
	Gone bool
}

// A Watcher watches one folder until Close.
type Watcher struct {
	Changes <-chan []Change
	Polls   string // why it looks at the files instead of waiting for events; empty where it waits

	dir    string
	source source
	names  chan string
	stop   context.CancelFunc
	ends   sync.WaitGroup
}

// A source finds out what is written.
type source interface {
	// follow reports the names of what was written until ctx is over, or until it can see no more, and then frees what
	// it holds. A name is a path below the folder; "." means that some were missed.
	follow(ctx context.Context, wrote func(name string)) error
}

// Start watches dir and all folders below it.
func Start(dir string, c Config) (*Watcher, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	w := &Watcher{dir: dir, names: make(chan string)}
	if w.source, w.Polls = open(dir, c); w.Polls != "" {
		w.source = newPoll(dir)
	}
	ctx, stop := context.WithCancel(context.Background())
	w.stop = stop
	changes := make(chan []Change)
	w.Changes = changes
	w.ends.Go(func() { w.follow(ctx) })
	w.ends.Go(func() { settle(ctx, w.names, cmp.Or(c.Quiet, 50*time.Millisecond), w.stat, changes) })
	return w, nil
}

// open returns a source of events, or why there is none to rely on.
func open(dir string, c Config) (source, string) {
	switch {
	case c.Poll:
		return nil, "asked for"
	case c.open == nil:
		c.open = newEvents
	}
	s, err := c.open(dir)
	if err != nil {
		return nil, err.Error()
	}
	return s, ""
}

// Close ends the watching. It returns when nothing of it is left.
func (w *Watcher) Close() {
	w.stop()
	w.ends.Wait()
}

// follow hands on what the source finds. A source that fails, as when the folder itself was replaced, has missed
// something; from then on the files are looked at.
func (w *Watcher) follow(ctx context.Context) {
	wrote := func(name string) {
		select {
		case w.names <- name:
		case <-ctx.Done():
		}
	}
	for w.source.follow(ctx, wrote) != nil && ctx.Err() == nil {
		w.source = newPoll(w.dir)
		wrote(".")
	}
}

// stat makes a name a change; ok is false for what is no file.
func (w *Watcher) stat(name string) (c Change, ok bool) {
	c = Change{Name: name, At: time.Now()}
	if name == "." {
		return c, true
	}
	info, err := os.Lstat(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		c.Gone = true
		return c, true
	}
	c.At = info.ModTime()
	return c, info.Mode().IsRegular() || info.Mode()&fs.ModeSymlink != 0
}
