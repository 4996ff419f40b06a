package labs

import (
	"errors"
	"io/fs"
	"strings"
)

// A Language is one that students read the labs in. The zero value is English.
type Language string

// The languages. English is whole, and stands wherever another one lacks a text.
const (
	English    Language = "en"
	Indonesian Language = "id"
)

// A Translation is what a student reads of a check or of a known mistake, in another language. Zero: there is none.
type Translation struct {
	Sentence string
	Steps    []string // a check's other sentences, a mistake's hints: as many as in English
}

// In returns the catalogue as it reads in a language.
func In(lang Language) []Lab {
	var catalogue []Lab
	for _, lab := range All() {
		catalogue = append(catalogue, lab.In(lang))
	}
	return catalogue
}

// In returns the lab as it reads in a language: its lesson and hints, and all its checks and mistakes.
func (l Lab) In(lang Language) Lab {
	if lang != Indonesian {
		return l
	}
	if l.Indonesian.Lesson != "" {
		l.Lesson, l.Title = l.Indonesian.Lesson, heading(l.Indonesian.Lesson)
	}
	if len(l.Indonesian.Hints) > 0 {
		l.Hints = l.Indonesian.Hints
	}
	var checks []Check
	for _, c := range l.Checks {
		checks = append(checks, c.In(lang))
	}
	var mistakes []Mistake
	for _, m := range l.Mistakes {
		mistakes = append(mistakes, m.In(lang))
	}
	l.Checks, l.Mistakes = checks, mistakes
	return l
}

// In returns the check as it reads in a language. It does the same, line by line.
func (c Check) In(lang Language) Check {
	if lang != Indonesian || c.Indonesian.Sentence == "" {
		return c
	}
	c.Title = c.Indonesian.Sentence
	texts := append([]string{string(c.Kind) + ": " + c.Title}, c.Indonesian.Steps...)
	lines := strings.Split(c.Script, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, sentence) {
			lines[i], texts = sentence+texts[0], texts[1:]
		}
	}
	c.Script = strings.Join(lines, "\n")
	return c
}

// In returns the mistake as it reads in a language.
func (m Mistake) In(lang Language) Mistake {
	if lang == Indonesian && m.Indonesian.Sentence != "" {
		m.Sentence, m.Hints = m.Indonesian.Sentence, m.Indonesian.Steps
	}
	return m
}

// parseTranslation reads a section id.md: a sentence, and below it a numbered list.
func parseTranslation(section []byte) Translation {
	sentence, list, _ := strings.Cut(strings.TrimSpace(string(section)), "\n")
	return Translation{Sentence: strings.TrimSpace(sentence), Steps: steps(list)}
}

// readIfAny reads a text that may be missing; it is empty then.
func readIfAny(fsys fs.FS, name string) (string, error) {
	text, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return string(text), err
}
