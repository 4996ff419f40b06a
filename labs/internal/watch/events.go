package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// events are the system's own: inotify(7), kqueue(2), ReadDirectoryChangesW.
type events struct {
	dir string
	*fsnotify.Watcher
}

var errGone = errors.New("the folder itself was moved or removed")

// newEvents asks for events from all folders below dir, and tries whether they arrive. An error says why not to rely on them.
func newEvents(dir string) (source, error) {
	if kind := remote(dir); kind != "" {
		return nil, fmt.Errorf("events do not arrive from everywhere on %s", kind)
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	e := &events{dir, watcher}
	err = e.add(".", func(string) {})
	if err == nil {
		err = e.try()
	}
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// add asks for events from a folder and those below it, and tells the files in there: they may have come before we asked.
func (e *events) add(folder string, wrote func(name string)) error {
	var failed error
	walk(e.dir, folder, func(name string, d fs.DirEntry) {
		if !d.IsDir() {
			wrote(name)
			return
		}
		err := e.Add(filepath.Join(e.dir, filepath.FromSlash(name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = fmt.Errorf("watch %q: %w", name, err)
		}
	})
	return failed
}

// The folder in which the trial is written. The lab command keeps its things there, and no change in it is reported.
const trialFolder = ".lab"

// try writes a file and waits for the event.
func (e *events) try() error {
	const patience = time.Second
	root, err := os.OpenRoot(e.dir) // a link that leads out of the submission is not followed
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(trialFolder, 0o755); err != nil {
		return err
	}
	folder := filepath.Join(e.dir, trialFolder)
	if err := e.Add(folder); err != nil {
		return err
	}
	defer e.Remove(folder)
	name := path.Join(trialFolder, fmt.Sprintf("watch-%d", os.Getpid()))
	if err := root.WriteFile(name, nil, 0o644); err != nil {
		return err
	}
	defer root.Remove(name)
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		select {
		case event := <-e.Events:
			if filepath.Base(event.Name) == path.Base(name) {
				return nil
			}
		case err := <-e.Errors:
			return err
		case <-late.C:
			return errors.New("a file was written and no event came")
		}
	}
}

func (e *events) follow(ctx context.Context, wrote func(string)) error {
	defer e.Close()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-e.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return err
			}
			if err := e.add(".", func(string) {}); err != nil { // a new folder may be among what was missed
				return err
			}
			wrote(".")
		case event, ok := <-e.Events:
			if !ok {
				return errors.New("the system gives no more events")
			}
			if err := e.event(event, wrote); err != nil {
				return err
			}
		}
	}
}

func (e *events) event(event fsnotify.Event, wrote func(string)) error {
	rel, err := filepath.Rel(e.dir, event.Name)
	name := filepath.ToSlash(rel)
	gone := event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename)
	switch {
	case name == "." && gone:
		return errGone
	case err != nil, name == ".", ignored(name), event.Op == fsnotify.Chmod: // indexers and backups change attributes
		return nil
	}
	if info, err := os.Lstat(event.Name); err == nil && info.IsDir() {
		if event.Has(fsnotify.Create) {
			return e.add(name, wrote)
		}
		return nil
	}
	wrote(name)
	if event.Has(fsnotify.Rename) { // a folder that moves loses its watch, even if we have asked for its new name meanwhile
		return e.add(".", func(string) {})
	}
	return nil
}
