//go:build !linux

package pod

import (
	"context"
	"errors"
	"os"
)

// Shell is never reached: without namespaces there is no attached pod.
func Shell(context.Context, []string, *os.File, *os.File, *os.File) (int, error) {
	return 0, errors.ErrUnsupported
}

func network() string { return "" }
