package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"broadcastlab/labs/internal/report"
)

const (
	pageFile = "index.html"
	newPage  = "index.html.new" // under way: an earlier page stays until this one is whole
)

// A pageFolder is where the report page goes. The zero value is none.
type pageFolder struct {
	root *os.Root
	file *os.File
}

// openPage opens the folder of --html before anything is judged: one that cannot be used is told at once.
func openPage(dir string) (p pageFolder, err error) {
	if dir == "" {
		return p, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return p, fmt.Errorf("--html: %w", err)
	}
	if p.root, err = os.OpenRoot(dir); err != nil {
		return p, fmt.Errorf("--html: %w", err)
	}
	if !mayWrite(p.root) {
		p.root.Close()
		return pageFolder{}, hinted{fmt.Errorf("--html: %q is not empty, and holds no report of an earlier run", dir), "name a folder that is new or empty"}
	}
	if p.file, err = p.root.Create(newPage); err != nil {
		p.root.Close()
		return pageFolder{}, fmt.Errorf("--html: %w", err)
	}
	return p, nil
}

// mayWrite reports whether a folder holds nothing that is not ours.
func mayWrite(root *os.Root) bool {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil || len(entries) == 0 {
		return err == nil
	}
	if len(entries) == 1 && entries[0].Name() == newPage {
		return true
	}
	const enough = 1 << 10 // of a page, to hold its first lines
	page, err := root.Open(pageFile)
	if err != nil {
		return false
	}
	defer page.Close()
	head, err := io.ReadAll(io.LimitReader(page, enough))
	return err == nil && bytes.Contains(head, []byte(`name="generator" content="`+report.Generator+`"`))
}

// write writes the page and puts it in its place.
func (p pageFolder) write(run report.Run) error {
	if p.root == nil {
		return nil
	}
	err := errors.Join(report.HTML(p.file, run), p.file.Close())
	if err == nil {
		err = p.root.Rename(newPage, pageFile)
	}
	if err != nil {
		return fmt.Errorf("--html: %w", err)
	}
	return nil
}

// close ends what write has not: of a run that came to nothing no page stays.
func (p pageFolder) close() {
	if p.root == nil {
		return
	}
	p.file.Close()
	p.root.Remove(newPage)
	p.root.Close()
}
