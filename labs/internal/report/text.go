package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"broadcastlab/labs"
)

// Text writes the run for a person: one line for each lab; below it what went wrong, the first failing check in full;
// at the end how many labs pass, the seed, and which world the checks ran in.
func Text(w io.Writer, r Run, o Style) error {
	p := &page{run: r, style: o, width: o.columns(), built: map[string]bool{}}
	for _, lab := range r.Labs {
		p.lab(lab)
	}
	p.end()
	_, err := io.WriteString(w, p.out.String())
	return err
}

// A page is a text under way.
type page struct {
	out   strings.Builder
	run   Run
	style Style
	width int
	built map[string]bool // what the compiler said, once it is told
}

func (p *page) line(s string) {
	p.out.WriteString(strings.TrimRight(s, " "))
	p.out.WriteByte('\n')
}

// margin stands before every line below a lab's own. It shows what belongs together, and keeps a printed ::error:: or
// "--- PASS" away from the start of a line, where other programs would obey it.
const margin = "  │ "

func (p *page) below(rows ...string) {
	for _, r := range rows {
		p.line(margin + r)
	}
}

func (p *page) room() int { return p.width - cells(margin) }

// marks has a sign and a colour for each outcome.
var marks = map[labs.Outcome]struct{ sign, sgr string }{
	labs.Pass:  {"✓", green},
	labs.Fail:  {"✗", red},
	labs.Skip:  {"–", dim},
	labs.Build: {"!", red},
	labs.Error: {"?", yellow},
}

func (o Style) mark(outcome labs.Outcome) string {
	m := marks[outcome]
	return o.paint(m.sgr, m.sign)
}

func (p *page) lab(l Lab) {
	p.line(p.labLine(l))
	before := p.out.Len()
	if p.style.Verbose {
		for _, v := range l.Verdicts {
			p.below(timedLines(v, p.style, p.room())...)
		}
	}
	p.failures(l)
	p.reasons(l)
	if p.out.Len() > before && (l.Outcome() != labs.Pass || p.style.Verbose || p.run.alone()) {
		p.line("")
	}
}

// labLine is as "✓ 1  Broadcast to all, the sender included   6/6  +2 stretch   0.2 s".
func (p *page) labLine(l Lab) string {
	const counts, stretch, took = len("10/10"), len("stretch 2 of 3"), len("100.0 s")
	number, title := 0, 0
	for _, other := range p.run.Labs {
		number, title = max(number, len(labNumber(other))), max(title, cells(labName(other)))
	}
	room := p.width - len("x ") - number - counts - stretch - took - 4*len("  ")
	title = min(title, room)
	time := ""
	if d := l.Duration(); d > 0 {
		time = seconds(d)
	}
	return p.labMark(l) + " " + strings.Join([]string{
		pad(labNumber(l), number), pad(shorten(labName(l), room), title),
		pad(requiredCount(l), counts), pad(stretchCount(l), stretch), padLeft(time, took),
	}, "  ")
}

// labNumber is empty for a script from outside the catalogue.
func labNumber(l Lab) string {
	if l.Number == 0 {
		return ""
	}
	return strconv.Itoa(l.Number)
}

func labName(l Lab) string {
	if l.Title != "" {
		return oneLine(l.Title)
	}
	if len(l.Verdicts) > 0 {
		return oneLine(l.Verdicts[0].Check.File)
	}
	return oneLine(l.Dir)
}

// labMark is the mark of the lab's outcome, or a circle where only stretch checks ran and some do not pass: the lab
// has not failed, and yet a tick would be wrong.
func (p *page) labMark(l Lab) string {
	_, required := l.Count(labs.Required)
	passed, stretch := l.Count(labs.Stretch)
	if required == 0 && passed < stretch && l.Outcome() == labs.Pass {
		return p.style.paint(yellow, "○")
	}
	return p.style.mark(l.Outcome())
}

func requiredCount(l Lab) string {
	passed, all := l.Count(labs.Required)
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", passed, all)
}

func stretchCount(l Lab) string {
	passed, all := l.Count(labs.Stretch)
	switch {
	case all == 0:
		return ""
	case passed == all:
		return fmt.Sprintf("+%d stretch", all)
	}
	return fmt.Sprintf("stretch %d of %d", passed, all)
}
