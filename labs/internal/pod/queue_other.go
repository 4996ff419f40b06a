//go:build !linux

package pod

const processors = 1

// threads are none where the system does not tell how long each has waited.
func threads() map[int]turns { return nil }
