// Package labs is the catalogue of lessons and checks, and the types that speak about them.
//
// A lab is a folder: README.md is the lesson, hints.md a ladder of hints, each .txtar file one check, and each file in mistakes/ a
// known mistake that explains why a check fails. The first line of a check is
//
//	# required: What one says, all hear, once each.
//
// or the same with "stretch". A lab passes when all its required checks pass; stretch checks are shown and scored apart.
// The other # lines of a check are sentences too: they are what a student reads when the commands below one do not hold.
// What students read may be there in Indonesian as well: README.id.md, hints.id.md, and a section id.md in checks and mistakes.
//
// This package knows nothing of how a check is run, and the programs that are judged know nothing of it.
package labs

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed */*.md */*.txtar */mistakes/*.txtar
var files embed.FS

// Kind tells whether a check counts for its lab.
type Kind string

// The kinds.
const (
	Required Kind = "required" // the lab passes when all of these pass
	Stretch  Kind = "stretch"  // shown, scored apart, never fails a lab
)

// A Lab is one lesson with its checks.
type Lab struct {
	Number int
	Dir    string // name of its folder, as in 01-broadcast
	Title  string // the lesson's first heading, without the number
	Lesson string // README.md, Markdown
	Checks []Check

	Mistakes []Mistake // known ones, by name
	Hints    []string  // hints.md: the ladder for a failure that is none of them

	Indonesian struct { // README.id.md and hints.id.md; empty where there is none
		Lesson string
		Hints  []string
	}
}

// A Check is one script: it judges one behaviour.
type Check struct {
	Lab    string // Dir of its lab; empty for a script from outside the catalogue
	Number int    // its place in the lab, from 1
	Name   string // its file's name without number and extension, as in all-hear
	Kind   Kind
	Title  string // the sentence of its first line
	File   string // the script's path, as messages show it
	Script string // without sections

	Indonesian Translation
}

// ID is how a check is called on the command line: "1.3", or its name for a script from outside the catalogue.
func (c Check) ID() string {
	if n, _, ok := strings.Cut(c.Lab, "-"); ok {
		return strings.TrimLeft(n, "0") + "." + strconv.Itoa(c.Number)
	}
	return c.Name
}

// SentenceAbove is the sentence that a line of the script stands below, and its number: 0 is the first one, which is the title.
// Above that there is none.
func (c Check) SentenceAbove(line int) (number int, text string) {
	number = -1
	for i, row := range strings.Split(c.Script, "\n") {
		rest, ok := strings.CutPrefix(row, sentence)
		switch {
		case i >= line:
			return max(0, number), text
		case !ok:
			continue
		case number < 0:
			rest = c.Title
		}
		number, text = number+1, rest
	}
	return max(0, number), text
}

// All returns the whole catalogue in order. The catalogue is part of the program: a broken one is a bug of the kit,
// found by its tests, so All panics.
func All() []Lab { return all() }

var all = sync.OnceValue(func() []Lab {
	catalogue, err := load(files)
	if err != nil {
		panic("labs: " + err.Error())
	}
	return catalogue
})

func load(fsys fs.FS) ([]Lab, error) {
	lessons, err := fs.Glob(fsys, "*/README.md")
	if err != nil {
		return nil, err
	}
	var catalogue []Lab
	for _, lesson := range lessons {
		lab, err := loadLab(fsys, path.Dir(lesson))
		if err != nil {
			return nil, err
		}
		catalogue = append(catalogue, lab)
	}
	slices.SortFunc(catalogue, func(a, b Lab) int { return cmp.Compare(a.Number, b.Number) })
	return catalogue, nil
}

func loadLab(fsys fs.FS, dir string) (Lab, error) {
	number, _, ok := strings.Cut(dir, "-")
	n, err := strconv.Atoi(number)
	if err != nil || !ok {
		return Lab{}, fmt.Errorf("%s: a lab's folder is named NN-name", dir)
	}
	lesson, err := fs.ReadFile(fsys, path.Join(dir, "README.md"))
	if err != nil {
		return Lab{}, err
	}
	lab := Lab{Number: n, Dir: dir, Lesson: string(lesson), Title: heading(string(lesson))}
	if lab.Indonesian.Lesson, err = readIfAny(fsys, path.Join(dir, "README.id.md")); err != nil {
		return Lab{}, err
	}
	scripts, err := fs.Glob(fsys, path.Join(dir, "*.txtar"))
	if err != nil {
		return Lab{}, err
	}
	for _, script := range scripts {
		text, err := fs.ReadFile(fsys, script)
		if err != nil {
			return Lab{}, err
		}
		check, err := ParseCheck(path.Join("labs", script), string(text))
		if err != nil {
			return Lab{}, err
		}
		check.Lab = dir
		lab.Checks = append(lab.Checks, check)
	}
	slices.SortFunc(lab.Checks, func(a, b Check) int { return cmp.Compare(a.Number, b.Number) })
	for i, check := range lab.Checks {
		if check.Number != i+1 {
			return Lab{}, fmt.Errorf("%s: checks are numbered from 1 without a gap; %d is missing or there twice", dir, i+1)
		}
	}
	return lab, errors.Join(loadHints(fsys, &lab), loadMistakes(fsys, &lab))
}

// heading returns a lesson's first heading without "Lab N:", which reads the same in every language.
func heading(lesson string) string {
	line, _, _ := strings.Cut(lesson, "\n")
	title := strings.TrimSpace(strings.TrimLeft(line, "# "))
	if _, rest, ok := strings.Cut(title, ": "); ok && strings.HasPrefix(title, "Lab ") {
		return rest
	}
	return title
}

// ErrNoLab and ErrNoCheck are returned by Find for a name that the catalogue, or the lab, does not have.
var (
	ErrNoLab   = errors.New("no such lab")
	ErrNoCheck = errors.New("no such check")
)

// Find returns the lab that name means: "3", "03", "03-tcp-to-websocket" or "tcp-to-websocket"; or, as "3.2", that lab with
// this one check only.
func Find(name string) (Lab, error) {
	want, check, one := strings.Cut(name, ".")
	for _, lab := range All() {
		_, short, _ := strings.Cut(lab.Dir, "-")
		if n, err := strconv.Atoi(want); want != lab.Dir && want != short && (err != nil || n != lab.Number) {
			continue
		}
		if !one {
			return lab, nil
		}
		for _, c := range lab.Checks {
			if strconv.Itoa(c.Number) == check {
				lab.Checks = []Check{c}
				return lab, nil
			}
		}
		var has []string
		for _, c := range lab.Checks {
			has = append(has, c.ID()+" "+c.Name)
		}
		return Lab{}, fmt.Errorf("%w: %q; lab %d has %s", ErrNoCheck, name, lab.Number, strings.Join(has, ", "))
	}
	return Lab{}, fmt.Errorf("%w: %q; there are 1 to %d", ErrNoLab, name, len(All()))
}
