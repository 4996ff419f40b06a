package conformance

import (
	"fmt"
	"strings"
)

// A Tally counts the cases of each section, and those that have passed. The zero value is ready for use.
type Tally struct {
	sections []string // as they came
	cases    map[string]int
	passed   map[string]int
}

// Add counts a case.
func (t *Tally) Add(c Case, passed bool) {
	section, _, _ := strings.Cut(c.ID, ".")
	if t.cases == nil {
		t.cases, t.passed = make(map[string]int), make(map[string]int)
	}
	if t.cases[section]++; t.cases[section] == 1 {
		t.sections = append(t.sections, section)
	}
	if passed {
		t.passed[section]++
	}
}

// String is one line for all, and then one for each section.
func (t *Tally) String() string {
	var lines strings.Builder
	cases, passed := 0, 0
	for _, section := range t.sections {
		cases, passed = cases+t.cases[section], passed+t.passed[section]
		fmt.Fprintf(&lines, "\nsection %2s: %3d cases, %3d passed", section, t.cases[section], t.passed[section])
	}
	return fmt.Sprintf("conformance: %d cases, %d passed%s", cases, passed, lines.String())
}
