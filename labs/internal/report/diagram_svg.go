package report

import (
	"embed"
	"fmt"
	"html/template"
	"io"

	"broadcastlab/labs"
)

//go:embed diagram.svg.tmpl page.html
var pages embed.FS

// templates write SVG and HTML. html/template escapes every text of a program for the place where it stands, and what it
// writes inside the svg element is well-formed XML too.
var templates = template.Must(template.ParseFS(pages, "diagram.svg.tmpl", "page.html"))

// svgRows is how many rows a picture has at most. A browser still scrolls through so many.
const svgRows = 2000

// SVG writes all that happened in a check as a picture of its own: no scripts, light and dark, each row's whole text under
// the pointer.
func SVG(w io.Writer, v labs.Verdict) error {
	p := newSequence(cut(whole(v), svgRows), v.Transcript).svg("What happened in check " + oneLine(v.Check.ID()))
	p.Alone = true
	return templates.ExecuteTemplate(w, "svg", p)
}

// Lengths of a picture, in pixels at its natural size.
const (
	svgWidth    = 1000 // where the lifelines get by with it
	svgClock    = 64   // where times end
	svgFirst    = 124  // the first lifeline
	svgRight    = 150  // beyond the last lifeline
	svgLeast    = 380  // beyond the first lifeline: a label has room at one side of any
	svgLeastGap = 64
	svgMostGap  = 330
	svgCrowded  = 130 // lifelines closer than this have their names on two levels
	svgLevel    = 16
	svgNames    = 42 // the height of a row of names
	svgRow      = 30
	svgChar     = 7.3 // the width of a column of text
	svgLabel    = 48  // columns of a label
	svgTitle    = 4 << 10
	namesEvery  = 50 // rows
)

// An svgPicture is what the template draws.
type svgPicture struct {
	Title              string
	Alone              bool // a file of its own, with its style
	Width, Height, Top int
	ClockX             int
	Lanes              []int // where the lifelines are
	Names              []svgText
	Rows               []svgStep
}

type svgText struct {
	X, Y         int
	Label, Title string
}

type svgStep struct {
	svgText
	Class, Anchor string
	Clock         string
	ClockY        int
	Shaft, Head   string // path data; empty for a remark
}

func (s sequence) svg(title string) svgPicture {
	gap := s.svgGap()
	p := svgPicture{Title: title, ClockX: svgClock, Top: svgNames - svgLevel/2}
	for i := range s.lanes {
		p.Lanes = append(p.Lanes, svgFirst+i*gap)
	}
	p.Width = svgFirst + max(svgLeast, max(0, len(s.lanes)-1)*gap+svgRight)
	y := 0
	for i, r := range s.rows {
		if i%namesEvery == 0 {
			p.Names = append(p.Names, s.svgNames(p.Lanes, y, gap)...)
			y += svgNames
		}
		y += svgRow
		p.Rows = append(p.Rows, r.svg(p, y-svgRow/4))
	}
	if len(s.rows) == 0 {
		p.Rows = []svgStep{remark("nothing happened").svg(p, svgRow)}
		y = svgRow
	}
	p.Height = y + svgRow/2
	return p
}

// svgGap is how far lifelines are from each other.
func (s sequence) svgGap() int {
	n := max(1, len(s.lanes)-1)
	return min(max((svgWidth-svgFirst-svgRight)/n, svgLeastGap), svgMostGap)
}

// svgNames is the row of names above the lifelines, each in the room that it has.
func (s sequence) svgNames(lanes []int, y, gap int) []svgText {
	levels := 1
	if gap < svgCrowded {
		levels = 2
	}
	columns := max(8, int(float64(gap*levels)/svgChar)-1)
	var out []svgText
	for i, name := range s.lanes {
		out = append(out, svgText{lanes[i], y + svgLevel + i%levels*svgLevel, clip(name, columns), name})
	}
	return out
}

// svg is one row whose arrow is at height y.
func (r step) svg(p svgPicture, y int) svgStep {
	if r.wrong {
		r.label = "wrong: " + r.label
	}
	out := svgStep{svgText: svgText{Y: y - 6, Label: clip(r.label, svgLabel)}, Class: r.svgClass(), Clock: r.clock(), ClockY: y - 6}
	out.Title = joined(out.Clock, clip(r.label, svgTitle))
	switch {
	case r.isArrow():
		from, to := p.Lanes[r.from], p.Lanes[r.to]
		out.Shaft, out.Head = svgArrow(from, to, y)
		out.place((from+to)/2, p.Width, "middle")
	case r.isRemark():
		out.Label = clip(r.label, int(float64(p.Width-svgFirst)/svgChar))
		out.place(svgFirst-svgClock/2, p.Width, "start")
	default:
		from := p.Lanes[r.from]
		out.Head = fmt.Sprintf("M%d %da4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", from-4, y-10)
		out.X, out.Anchor = from+10, "start"
		if out.X+out.room() > p.Width {
			out.X, out.Anchor = from-10, "end"
		}
	}
	return out
}

func (r step) svgClass() string {
	switch {
	case r.missing:
		return "missing"
	case r.wrong:
		return "wrong"
	case r.isRemark():
		return "remark"
	case !r.isArrow():
		return "note"
	case r.onWire():
		return "wire"
	}
	return "talk"
}

func svgArrow(from, to, y int) (shaft, head string) {
	tip := 9
	if to < from {
		tip = -tip
	}
	return fmt.Sprintf("M%d %dH%d", from, y, to-tip), fmt.Sprintf("M%d %dl%d -4v8z", to, y, -tip)
}

// place puts the label at x, or where it stays inside the picture.
func (s *svgStep) place(x, width int, anchor string) {
	left := x
	if anchor == "middle" {
		left -= s.room() / 2
	}
	switch {
	case left < svgClock+8:
		x, anchor = svgClock+8, "start"
	case left+s.room() > width-4:
		x, anchor = width-4, "end"
	}
	s.X, s.Anchor = x, anchor
}

// room is how wide the label is.
func (s *svgStep) room() int { return int(float64(cells(s.Label)) * svgChar) }

// clip cuts a text at its end, where a pointer held over it shows the whole.
func clip(s string, columns int) string {
	if cells(s) <= columns {
		return s
	}
	return headCells(s, columns-1) + "…"
}
