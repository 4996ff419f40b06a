package report

import (
	"slices"
	"strings"
)

// drawn is a sequence as a terminal shows it: times at the left, lifelines, and at the right of each row what was said. It is
// nil where the width has no room for the lifelines and a text beside them.
func (s sequence) drawn(o Style, width int) []string {
	const leastText, gap = 24, "  "
	at := 0
	for _, r := range s.rows {
		at = max(at, cells(r.clock()))
	}
	centres, picture := s.centres()
	room := width - len("! ") - at - len(gap) - picture - len(gap)
	if len(s.rows) == 0 || room < leastText {
		return nil
	}
	out := []string{o.paint(bold, strings.Repeat(" ", len("! ")+at+len(gap))+s.heads(centres))}
	for _, r := range s.rows {
		mark := "  "
		if r.isMarked() {
			mark = "! "
		}
		line := mark + padLeft(r.clock(), at) + gap + pad(r.drawn(centres), picture) + gap + shorten(r.label, room)
		line = strings.TrimRight(line, " ")
		if r.isMarked() {
			line = o.paint(red, line)
		}
		out = append(out, line)
	}
	return out
}

// centres are the columns of the lifelines, far enough from each other for the names above them and for an arrow
// between them, and how many columns all of them take.
func (s sequence) centres() (centres []int, width int) {
	const least, apart = 8, 2
	right := 0 // half of the last name
	for i, name := range s.lanes {
		left := cells(name) / 2
		at := left
		if i > 0 {
			at = centres[i-1] + max(least, right+left+apart)
		}
		centres, right = append(centres, at), cells(name)-left
		width = at + right
	}
	return centres, width
}

// heads is the row of names above the lifelines.
func (s sequence) heads(centres []int) string {
	row := ""
	for i, name := range s.lanes {
		row = pad(row, centres[i]-cells(name)/2) + name
	}
	return row
}

// drawn is one row of lifelines with its arrow or its mark. Every character of it takes one column.
func (r step) drawn(centres []int) string {
	if len(centres) == 0 {
		return ""
	}
	row := []rune(strings.Repeat(" ", centres[len(centres)-1]+1))
	for _, c := range centres {
		row[c] = '│'
	}
	switch {
	case r.isArrow():
		r.shaft(row, centres[r.from], centres[r.to])
	case r.isRemark():
	case r.missing:
		row[centres[r.from]] = '○'
	default:
		row[centres[r.from]] = '●'
	}
	return string(row)
}

func (r step) shaft(row []rune, from, to int) {
	line := '─'
	if r.missing {
		line = '╌'
	}
	for i := min(from, to) + 1; i < max(from, to); i++ {
		row[i] = line
	}
	if from < to {
		row[from], row[to-1] = '├', '▶'
	} else {
		row[from], row[to+1] = '┤', '◀'
	}
}

// picture is a sequence drawn where that says more than rows do, which is when enough of it are arrows, and where it fits
// into so many lines; else the rows.
func picture(s sequence, rows []string, o Style, width, most int) []string {
	if s.arrows() < 2 || 3*s.arrows() < len(s.rows) || most < fewestRows+1 {
		return rows
	}
	if drawn := s.around(most-1).drawn(o, width); drawn != nil {
		return drawn
	}
	return rows
}

// around leaves at most n rows, n at least 2: those that lead up to the first one that is marked, or to the last one.
func (s sequence) around(n int) sequence {
	s.rows = leadingUp(s.rows, slices.IndexFunc(s.rows, step.isMarked), n, func(gone int) step { return remark(rowsCut, gone) })
	return s
}
