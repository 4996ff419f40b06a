//go:build !linux

package pod

import "os"

// deadly are the signals that would else end or stop a Go program: nil, which stands for all.
var deadly []os.Signal

// spareMainThread has nothing to do: only Linux has namespaces, whose first processes judged programs can signal.
func spareMainThread() error { return nil }
