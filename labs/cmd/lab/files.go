package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"broadcastlab/labs/internal/report"
)

// A reportFile is a file that the run is written to besides standard output, and who writes it.
type reportFile struct {
	flag, path string
	as         func(io.Writer, report.Run) error
	file       *os.File // nil before openFiles
}

type reportFiles []reportFile

// openFiles opens the files of --junit and --markdown before anything is judged: a path that cannot be written is told at once.
func (c checking) openFiles() (files reportFiles, err error) {
	for _, f := range (reportFiles{{flag: "--junit", path: c.junit, as: report.JUnit}, {flag: "--markdown", path: c.markdown, as: report.Markdown}}) {
		if f.path == "" {
			continue
		}
		if f.file, err = os.Create(f.path); err != nil {
			return nil, fmt.Errorf("%s: %w", f.flag, err)
		}
		files = append(files, f)
	}
	return files, nil
}

// write writes and closes all of them, whichever fails.
func (files reportFiles) write(run report.Run) error {
	var all error
	for _, f := range files {
		if err := errors.Join(f.as(f.file, run), f.file.Close()); err != nil {
			all = errors.Join(all, fmt.Errorf("%s: %w", f.flag, err))
		}
	}
	return all
}
