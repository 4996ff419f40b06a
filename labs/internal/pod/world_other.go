//go:build !linux

package pod

import "os"

const canIsolate = false

// self is this very program.
func self() string {
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

// refusal is never asked here: without namespaces nothing is tried.
func refusal(err error) string { return err.Error() }
