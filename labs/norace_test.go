//go:build !race

package labs_test

const underRace = false
