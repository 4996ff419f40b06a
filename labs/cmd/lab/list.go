package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"broadcastlab/labs"
)

// list prints the labs with their state, and what to do next.
func list(w io.Writer, dir string, lang language) error {
	source, err := find(dir)
	if err != nil {
		return err
	}
	catalogue, call := labs.In(lang.Language), lang.command()
	states := recall(source.Dir)
	next := -1
	width := 0
	for i, lab := range catalogue {
		width = max(width, utf8.RuneCountInString(lab.Title))
		if next < 0 && states[lab.Dir].Outcome != labs.Pass {
			next = i
		}
	}
	say := func(english string) string { return phrase(lang.Language, english) }
	for i, lab := range catalogue {
		state := describe(states[lab.Dir], say)
		if i == next && states[lab.Dir].Outcome == "" {
			state = say("▸ start here")
		}
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(lab.Title))
		fmt.Fprintf(w, "%3d  %s%s   %s\n", lab.Number, lab.Title, pad, state)
	}
	if next < 0 {
		_, err = fmt.Fprintf(w, "\n%s  %s check\n", say("All labs pass. Judge again:"), call)
		return err
	}
	n := catalogue[next].Number
	if s := states[catalogue[next].Dir]; s.Outcome == labs.Fail {
		fmt.Fprintf(w, "\n%s  %s hint %d %s", say("Stuck?"), call, n, say("asks a question that helps."))
	}
	_, err = fmt.Fprintf(w, "\n%s  %s show %d      %s  %s check %d      %s  %s watch\n",
		say("Read it:"), call, n, say("Check it:"), call, n, say("On every save:"), call)
	return err
}

func describe(s labState, say func(english string) string) string {
	switch s.Outcome {
	case "":
		return say("not checked yet")
	case labs.Pass:
		return fmt.Sprintf("✓ %d/%d", s.Passed, s.Required)
	case labs.Build:
		return say("! does not build")
	case labs.Fail:
		return fmt.Sprintf("✗ %d/%d", s.Passed, s.Required)
	default:
		return say("? could not be judged")
	}
}
