//go:build !race

// Package race tells tests whether they run under the race detector, which makes the kit's own processes several times slower.
package race

const Enabled = false
