//go:build race

package labs_test

// underRace: the kit's own processes run several times slower. What they say has been tried without the race detector; with it
// each wrong program runs only the check that it must fail.
const underRace = true
