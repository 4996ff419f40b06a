package labs

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

// MistakeKind is the kind of the check that a Mistake is made into. It is no check of a lab: it speaks about one that has failed.
const MistakeKind Kind = "mistake"

// A Mistake is a known mistake: a script that passes exactly when the mistake is there. It is run on a submission that has failed
// a check of its lab, and then it is the diagnosis.
type Mistake struct {
	ID       string   // its file's name without extension, as in sender-skipped
	Lab      string   // Dir of its lab
	Sentence string   // the diagnosis, to the student; $NAME is filled in with a variable of the script
	Explains []string // the only checks it is a cause for, of any lab, as in "# explains: 1.7 3.7:2"; empty: any of its lab
	Often    bool     // "# often": what the starter does, or most who come to its lab; it is tried before the others
	Script   string   // without hints
	File     string   // the script's path, as messages show it
	Hints    []string // a ladder: a question, the idea, the place, a sketch; Place in one stands for what Find finds

	// Find, of "# find: server REGEXP", fits where in the sources of that Side the mistake is likely to be; nil: nobody knows.
	Side string
	Find *regexp.Regexp

	Indonesian Translation
}

// Check is the mistake as a check: passed, it is there.
func (m Mistake) Check() Check {
	return Check{Lab: m.Lab, Name: m.ID, Kind: MistakeKind, Title: m.Sentence, File: m.File, Script: m.Script}
}

// MayExplain reports whether a mistake can be the reason for a failed check: it names this one, or the sentence of it that did not hold,
// or it names none, and the check is one of its lab.
func (m Mistake) MayExplain(v Verdict) bool {
	if len(m.Explains) == 0 {
		return m.Lab == v.Check.Lab
	}
	number, _ := v.Check.SentenceAbove(v.Line)
	return slices.Contains(m.Explains, v.Check.ID()) || slices.Contains(m.Explains, fmt.Sprintf("%s:%d", v.Check.ID(), number))
}

// Place stands in a hint where the student is told a place in a file of his own: a whole sentence, left out where there is none.
const Place = "$PLACE"

// fewestHints make a ladder.
const fewestHints = 3

var (
	mistakeFirst = regexp.MustCompile(`^# mistake: (\S.*)$`)
	often        = regexp.MustCompile(`(?m)^# often$`)
	explains     = regexp.MustCompile(`(?m)^# explains: (.+)$`)
	find         = regexp.MustCompile(`(?m)^# find: (server|client) (.+)$`)
	checkID      = regexp.MustCompile(`^\d+\.\d+(:\d+)?$`)
	numbered     = regexp.MustCompile(`(?m)^\d+\. +`)
)

// ParseMistake reads a mistake's file: its script, and the sections hints.md and id.md. Like ParseCheck it does not look at the
// commands.
func ParseMistake(file, text string) (Mistake, error) {
	archive := txtar.Parse([]byte(text))
	m := Mistake{ID: strings.TrimSuffix(path.Base(file), ".txtar"), Script: string(archive.Comment), File: file}
	line, _, _ := strings.Cut(m.Script, "\n")
	first := mistakeFirst.FindStringSubmatch(line)
	if first == nil {
		return m, fmt.Errorf("%s:1: want %q as the first line, have %q", file, "# mistake: what the student has done", line)
	}
	m.Sentence = first[1]
	m.Often = often.MatchString(m.Script)
	if which := explains.FindStringSubmatch(m.Script); which != nil {
		m.Explains = strings.Fields(which[1])
	}
	for _, id := range m.Explains {
		if !checkID.MatchString(id) {
			return m, fmt.Errorf("%s: explains %q: want IDs of checks, as 1.7, or with the number of a sentence, as 1.7:2", file, id)
		}
	}
	if where := find.FindStringSubmatch(m.Script); where != nil {
		fits, err := regexp.Compile("(?m)" + where[2])
		if err != nil {
			return m, fmt.Errorf("%s: find: %w", file, err)
		}
		m.Side, m.Find = where[1], fits
	}
	for _, section := range archive.Files {
		switch section.Name {
		case "hints.md":
			m.Hints = steps(string(section.Data))
		case "id.md":
			m.Indonesian = parseTranslation(section.Data)
		default:
			return m, fmt.Errorf("%s: section %q: want hints.md or id.md", file, section.Name)
		}
	}
	return m, m.lint()
}

// lint says what is wrong with what a student reads.
func (m Mistake) lint() error {
	if err := lintSteps(m.File, m.Sentence, m.Hints); err != nil {
		return err
	}
	for _, ladder := range [][]string{m.Hints, m.Indonesian.Steps} {
		if n := strings.Count(strings.Join(ladder, " "), Place); len(ladder) > 0 && (n == 1) != (m.Find != nil) {
			return fmt.Errorf("%s: find goes with one %s in the hints of each language, have %d", m.File, Place, n)
		}
	}
	if m.Indonesian.Sentence == "" {
		return nil
	}
	if len(m.Indonesian.Steps) != len(m.Hints) {
		return fmt.Errorf("%s: id.md has %d hints, hints.md %d", m.File, len(m.Indonesian.Steps), len(m.Hints))
	}
	return lintSteps(m.File, m.Indonesian.Sentence, m.Indonesian.Steps)
}

// lintSteps wants a ladder of hints none of which is the diagnosis over again.
func lintSteps(file, sentence string, hints []string) error {
	if len(hints) < fewestHints {
		return fmt.Errorf("%s: has %d hints, want %d at least", file, len(hints), fewestHints)
	}
	same := strings.ToLower(strings.TrimRight(sentence, "."))
	for i, hint := range hints {
		if sentence != "" && strings.Contains(strings.ToLower(hint), same) {
			return fmt.Errorf("%s: hint %d repeats the sentence", file, i+1)
		}
	}
	return nil
}

// steps reads a numbered list; a step may go on in the next lines.
func steps(list string) []string {
	var out []string
	for _, step := range numbered.Split(list, -1)[1:] {
		out = append(out, strings.Join(strings.Fields(step), " "))
	}
	return out
}

// loadHints reads a lab's own ladder of hints, in both languages.
func loadHints(fsys fs.FS, lab *Lab) error {
	hints, err := fs.ReadFile(fsys, path.Join(lab.Dir, "hints.md"))
	if err != nil {
		return err
	}
	lab.Hints = steps(string(hints))
	if err := lintSteps(path.Join("labs", lab.Dir, "hints.md"), "", lab.Hints); err != nil {
		return err
	}
	translated, err := readIfAny(fsys, path.Join(lab.Dir, "hints.id.md"))
	if err != nil || translated == "" {
		return err
	}
	lab.Indonesian.Hints = steps(translated)
	if have, want := len(lab.Indonesian.Hints), len(lab.Hints); have != want {
		return fmt.Errorf("labs/%s/hints.id.md has %d hints, hints.md %d", lab.Dir, have, want)
	}
	return nil
}

// loadMistakes reads a lab's known mistakes, those that are made often first, else in the order of their names.
func loadMistakes(fsys fs.FS, lab *Lab) error {
	scripts, err := fs.Glob(fsys, path.Join(lab.Dir, "mistakes", "*.txtar"))
	if err != nil {
		return err
	}
	slices.Sort(scripts)
	for _, script := range scripts {
		text, err := fs.ReadFile(fsys, script)
		if err != nil {
			return err
		}
		m, err := ParseMistake(path.Join("labs", script), strings.ReplaceAll(string(text), "\r\n", "\n"))
		if err != nil {
			return err
		}
		m.Lab = lab.Dir
		lab.Mistakes = append(lab.Mistakes, m)
	}
	slices.SortStableFunc(lab.Mistakes, func(a, b Mistake) int {
		switch {
		case a.Often == b.Often:
			return 0
		case a.Often:
			return -1
		}
		return 1
	})
	return nil
}

// FindMistake returns the known mistake of that ID as it reads in a language.
func FindMistake(id string, lang Language) (Mistake, bool) {
	for _, lab := range All() {
		for _, m := range lab.Mistakes {
			if m.ID == id {
				return m.In(lang), true
			}
		}
	}
	return Mistake{}, false
}
