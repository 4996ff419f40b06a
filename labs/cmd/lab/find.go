package main

import (
	"errors"
	"os"
	"path/filepath"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/judge"
)

// find returns the submission in dir, or, where dir is empty, in the nearest folder upwards that holds one.
func find(dir string) (judge.Source, error) {
	if dir != "" {
		return judge.Load(dir)
	}
	here, err := os.Getwd()
	if err != nil {
		return judge.Source{}, err
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if holdsSubmission(dir) {
			return judge.Load(dir)
		}
		if dir == filepath.Dir(dir) {
			return judge.Source{}, hinted{errors.New("no submission here: no folder from here upwards has server/ and client/, or lab.toml"),
				"name its folder, as in " + command() + " check -C DIR"}
		}
	}
}

func holdsSubmission(dir string) bool {
	if _, err := os.Stat(filepath.Join(dir, "lab.toml")); err == nil {
		return true
	}
	for _, role := range []string{"server", "client"} {
		if info, err := os.Stat(filepath.Join(dir, role)); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}

// noLab adds to an error of labs.Find where the labs are listed. One about a check has all checks of its lab in it.
func noLab(err error) error {
	if errors.Is(err, labs.ErrNoLab) {
		return hinted{err, command() + " lists them"}
	}
	return err
}
