//go:build !race

package starter

const underRace = false
