//go:build race

package starter

const underRace = true
