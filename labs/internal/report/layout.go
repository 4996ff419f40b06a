package report

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// SGR parameters (ECMA-48, 8.3.117).
const (
	bold   = "1"
	dim    = "2"
	italic = "3"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// paint returns s in a colour, or s itself where colours are off.
func (o Style) paint(sgr, s string) string {
	if !o.Color || s == "" {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

// widest is how long a line may be: longer ones are hard to read, and a log has room for as much.
const widest = 100

// columns is the width to lay out for: readable, whatever the terminal claims.
func (o Style) columns() int {
	return min(max(cmp.Or(o.Width, widest), 40), widest)
}

var painted = regexp.MustCompile("\x1b\\[[0-9]+m")

// cells is how many columns of a terminal s takes. The only escape sequences in s are ours, from paint.
func cells(s string) int {
	if strings.Contains(s, "\x1b") {
		s = painted.ReplaceAllString(s, "")
	}
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

// runeCells follows Unicode's East Asian Width (UAX 11) closely enough for a table: combining marks take no column,
// ideographs and emoji two.
func runeCells(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana),
		0x3000 <= r && r <= 0x303e, 0xff01 <= r && r <= 0xff60, 0x1f300 <= r && r <= 0x1faff:
		return 2
	}
	return 1
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-cells(s)))
}

func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(0, width-cells(s))) + s
}

// oneLine makes a text from outside safe to show inside a line of ours.
func oneLine(s string) string {
	return unhook(OneLine(s))
}

// lines makes a text of several lines from outside safe to show below each other.
func lines(s string) []string {
	s = strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	return strings.Split(unhook(strings.ReplaceAll(Visible(s), "\t", "    ")), "\n")
}

// unhook breaks the older form of a GitHub workflow command, ##[name], which the runner obeys anywhere in a line.
// The newer form, ::name::, is obeyed at the start of a line only, where our margin stands.
func unhook(s string) string {
	return strings.ReplaceAll(s, "##[", `##\[`)
}

// wrap breaks a text at blanks into lines of at most width columns. A word that is wider keeps a line to itself, and
// blanks inside a line stay as they are: they may be somebody's message.
func wrap(s string, width int) []string {
	var out []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		words := strings.Split(paragraph, " ")
		line, used := words[0], cells(words[0])
		for _, word := range words[1:] {
			n := cells(word)
			if used > 0 && used+1+n > width {
				out = append(out, line)
				line, used = word, n
				continue
			}
			line, used = line+" "+word, used+1+n
		}
		out = append(out, line)
	}
	return out
}

// fold is wrap for texts from outside: it breaks words too, so that no line is wider than width.
func fold(s string, width int) []string {
	var out []string
	for _, line := range wrap(s, width) {
		for cells(line) > width {
			head := headCells(line, width)
			out = append(out, head)
			line = line[len(head):]
		}
		out = append(out, line)
	}
	return out
}

// hang folds a text behind a label; the lines after the first stand below the text.
func hang(label, s string, width int) []string {
	indent := cells(label)
	out := fold(s, width-indent)
	for i := range out {
		if i == 0 {
			out[i] = label + out[i]
		} else {
			out[i] = strings.Repeat(" ", indent) + out[i]
		}
	}
	return out
}

// shorten cuts the middle out of a line that is wider than width, and says how many characters it has cut.
func shorten(s string, width int) string {
	if cells(s) <= width {
		return s
	}
	room := max(8, width-cells(cutMark(len(s))))
	head, tail := headCells(s, room*2/3), tailCells(s, room/3)
	gone := len([]rune(s)) - len([]rune(head)) - len([]rune(tail))
	return head + cutMark(gone) + tail
}

// squeeze folds a text into at most so many lines; one that needs more loses its middle.
func squeeze(s string, width, most int) []string {
	for room := most * width; ; room -= width / 8 {
		if rows := fold(shorten(s, room), width); len(rows) <= most || room <= width {
			return rows
		}
	}
}

func cutMark(n int) string { return fmt.Sprintf("…[%d cut]…", n) }

// headCells is the longest beginning of s that takes at most width columns, one character at least.
func headCells(s string, width int) string {
	used := 0
	for i, r := range s {
		if used += runeCells(r); used > width && i > 0 {
			return s[:i]
		}
	}
	return s
}

// tailCells is the longest end of s that takes at most width columns.
func tailCells(s string, width int) string {
	runes, used := []rune(s), 0
	for i := len(runes) - 1; i >= 0; i-- {
		if used += runeCells(runes[i]); used > width {
			return string(runes[i+1:])
		}
	}
	return s
}

// keep cuts rows to n, the last of which says how many are missing.
func keep(rows []string, n int) []string {
	if len(rows) <= n {
		return rows
	}
	return append(rows[:n-1:n-1], fmt.Sprintf("… %d more lines cut", len(rows)-n+1))
}
