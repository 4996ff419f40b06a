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
	for i, lab := range catalogue {
		state := describe(states[lab.Dir])
		if i == next && states[lab.Dir].Outcome == "" {
			state = "▸ start here"
		}
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(lab.Title))
		fmt.Fprintf(w, "%3d  %s%s   %s\n", lab.Number, lab.Title, pad, state)
	}
	if next < 0 {
		_, err = fmt.Fprintf(w, "\nAll labs pass. Judge again:  %s check\n", call)
		return err
	}
	n := catalogue[next].Number
	if s := states[catalogue[next].Dir]; s.Outcome == labs.Fail {
		fmt.Fprintf(w, "\nStuck?  %s hint %d asks a question that helps.", call, n)
	}
	_, err = fmt.Fprintf(w, "\nRead it:  %s show %d      Check it:  %s check %d      On every save:  %s watch\n", call, n, call, n, call)
	return err
}

func describe(s labState) string {
	switch s.Outcome {
	case "":
		return "not checked yet"
	case labs.Pass:
		return fmt.Sprintf("✓ %d/%d", s.Passed, s.Required)
	case labs.Build:
		return "! does not build"
	case labs.Fail:
		return fmt.Sprintf("✗ %d/%d", s.Passed, s.Required)
	default:
		return "? could not be judged"
	}
}
