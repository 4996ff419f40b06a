package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/report"
)

// What a terminal in raw mode sends for these keys.
const (
	enter = '\r'
	ctrlC = 'C' & 0x1f
	ctrlD = 'D' & 0x1f
)

const keysLine = "Enter again · n next · p previous · a all · h hint · d diagram · l log · ? help · q quit"

const keysHelp = `Enter  judge this lab again
n p    go to the next lab, or to the previous one; nothing goes there by itself
a      judge all labs once
h      a hint for the failure above
d      the failure as a diagram
l      the last rows of the transcript, and where all of it is
q      quit, as Ctrl-C does
`

// press does what a key asks for. It returns false for the end.
func (s *session) press(ctx context.Context, key byte) bool {
	switch key {
	case 'q', ctrlC, ctrlD:
		return false
	case enter, '\n':
		s.judge(ctx)
	case 'n':
		s.move(ctx, +1)
	case 'p':
		s.move(ctx, -1)
	case 'a':
		s.begin(ctx, "All labs", labs.In(s.lang), 1)
	case 'h':
		s.view.say(s.hintText())
	case 'd':
		s.view.say(s.diagramText())
	case 'l':
		s.view.say(s.logText())
	case '?':
		s.view.say(keysHelp)
	}
	return true
}

func (s *session) move(ctx context.Context, by int) {
	to := s.lab + by
	if to < 0 || to >= len(labs.All()) {
		s.view.say(fmt.Sprintf("There is no lab beyond lab %d.\n", s.current().Number))
		return
	}
	s.lab, s.place, s.same = to, "", 0
	s.judge(ctx)
}

// failure is what the last result tells in full, if it is a failure.
func (s *session) failure() *labs.Verdict {
	if s.last == nil {
		return nil
	}
	var all []labs.Verdict
	for _, lab := range s.last.Labs {
		all = append(all, lab.Verdicts...)
	}
	return firstFailure(all)
}

const nothingFailed = "No check has failed in the last run.\n"

func (s *session) hintText() string {
	v := s.failure()
	switch {
	case v == nil:
		return nothingFailed
	case s.hint == nil:
		return fmt.Sprintf("There is no hint for this yet. The lesson:  %s show %d\n", s.command, s.current().Number)
	}
	var text bytes.Buffer
	if err := s.hint(&text, *v); err != nil {
		return "lab: " + err.Error() + "\n"
	}
	return text.String()
}

func (s *session) diagramText() string {
	v := s.failure()
	if v == nil {
		return nothingFailed
	}
	var text bytes.Buffer
	if err := report.Diagram(&text, *v, s.view.style()); err != nil {
		return "lab: " + err.Error() + "\n"
	}
	if v.Saved != "" {
		fmt.Fprintf(&text, "For a browser:  %s\n", filepath.Join(v.Saved, "diagram.svg"))
	}
	return text.String()
}

// logText is the end of the failure's transcript, and where the whole of it is.
func (s *session) logText() string {
	const most = 20
	v := s.failure()
	if v == nil {
		return nothingFailed
	}
	var transcript bytes.Buffer
	if err := report.Transcript(&transcript, v.Transcript); err != nil {
		return "lab: " + err.Error() + "\n"
	}
	rows := strings.SplitAfter(transcript.String(), "\n")
	rows = rows[:len(rows)-1]
	where := "Check " + v.Check.ID() + ": its transcript could not be kept.\n"
	if v.Saved != "" {
		where = filepath.Join(v.Saved, "transcript.txt") + "\n"
	}
	if len(rows) > most {
		where += fmt.Sprintf("… %d rows before these\n", len(rows)-most)
		rows = rows[len(rows)-most:]
	}
	return where + strings.Join(rows, "")
}
