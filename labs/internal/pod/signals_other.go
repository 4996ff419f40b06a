//go:build !linux

package pod

// spareMainThread has nothing to do: only Linux has namespaces, whose first processes judged programs can signal.
func spareMainThread() error { return nil }
