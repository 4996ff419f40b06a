package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/report"
)

// lines is the view where there is no terminal: everything once, in order.
type lines struct{ w io.Writer }

func (l lines) begin(s *session) {
	fmt.Fprintf(l.w, "\n-- %s  %s\n", s.attempt.began.Format(time.TimeOnly), s.attempt.title)
}

func (l lines) progress(s *session, u update) {
	switch {
	case u.verdict != nil:
		fmt.Fprintln(l.w, report.Progress(*u.verdict, report.Style{}))
	case u.result != nil:
		fmt.Fprintln(l.w, s.attempt.status())
	}
}

func (l lines) end(s *session, text string) {
	if s.last != nil && !flawless(*s.last) {
		report.Text(l.w, *s.last, report.Style{})
	}
	fmt.Fprint(l.w, text)
}

func (l lines) say(text string)     { fmt.Fprint(l.w, text) }
func (l lines) style() report.Style { return report.Style{} }

// screen is the view on a terminal. While an attempt is under way it is drawn again and again from the top; then what
// there is to say stays, and answers to keys come below.
type screen struct {
	*console
	live bool
	held string // what was to be said meanwhile
}

// Control sequences (ECMA-48, 8.3): cursor to the top left; clear to the end of the line, of the screen; clear all of it.
const (
	home      = "\x1b[H"
	clearLine = "\x1b[K"
	clearRest = "\x1b[J"
	clearAll  = "\x1b[2J"
)

func (v *screen) begin(s *session) {
	v.live, v.held = true, ""
	v.WriteString(clearAll)
	v.draw(s)
}

func (v *screen) progress(s *session, _ update) { v.draw(s) }

func (v *screen) end(s *session, text string) {
	keys := []rune(keysLine)
	if width := v.style().Width; width > 0 && len(keys) > width {
		keys = []rune("? shows the keys")
	}
	text = "\n" + text + string(keys) + "\n" + v.held
	if s.last == nil || !flawless(*s.last) {
		v.WriteString(clearAll + home + v.page(s.last, strings.Count(text, "\n")))
	}
	v.live = false
	v.WriteString(text)
}

// page is the report of a run, so short that it fits on the screen with some lines below it, if that is possible.
func (v *screen) page(run *report.Run, below int) string {
	const fewest = 12 // lines of a failure
	if run == nil {
		return ""
	}
	var page strings.Builder
	style := v.style()
	for style.Longest = report.LongestFailure; style.Longest >= fewest; style.Longest-- {
		page.Reset()
		report.Text(&page, *run, style)
		if strings.Count(page.String(), "\n")+below < v.height() {
			break
		}
	}
	return page.String()
}

func (v *screen) say(text string) {
	if v.live {
		v.held += "\n" + text
		return
	}
	v.WriteString("\n" + text)
}

func (v *screen) style() report.Style { return style(v.File, false) }

// draw shows how far the attempt is.
func (v *screen) draw(s *session) {
	page := v.header(s) + s.attempt.status() + "\n\n"
	checks := s.attempt.checks()
	if len(checks) > v.height()-8 { // header, status, and room for what comes below
		page += fmt.Sprintf("%d of %d checks\n", len(s.attempt.verdicts), len(checks))
		checks = nil
	}
	for _, c := range checks {
		verdict := s.attempt.verdicts[c.ID()]
		verdict.Check = c
		page += report.Progress(verdict, v.style()) + "\n"
	}
	v.WriteString(home + strings.ReplaceAll(page, "\n", clearLine+"\n") + clearRest)
}

// header is what is judged, and since when.
func (v *screen) header(s *session) string {
	width := v.style().Width
	gap := max(2, min(width, 100)-utf8.RuneCountInString(s.attempt.title)-len(time.TimeOnly))
	return s.attempt.title + strings.Repeat(" ", gap) + s.attempt.began.Format(time.TimeOnly) + "\n"
}

// status says in one line how far the attempt is.
func (a *attempt) status() string {
	switch {
	case a.result != nil && len(a.wanted) == 1 && a.result.Status() == report.StatusPass:
		passed, all := a.result.Labs[0].Count(labs.Required)
		return fmt.Sprintf("✓ passes: %d of %d required, %.1f s", passed, all, a.took.Seconds())
	case a.result != nil:
		return fmt.Sprintf("judged in %.1f s", a.took.Seconds())
	case a.built:
		return "checking …"
	}
	return "building server, client …"
}

// flawless reports whether every check of the run passes, the stretch checks too: then there is nothing to explain.
func flawless(run report.Run) bool {
	for _, lab := range run.Labs {
		for _, v := range lab.Verdicts {
			if v.Outcome != labs.Pass {
				return false
			}
		}
	}
	return true
}
