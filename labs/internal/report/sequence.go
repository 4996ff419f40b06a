package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"broadcastlab/labs"
)

// A sequence is a transcript made ready to be drawn: a lifeline for each party, a row for each event. A row's place is
// its index and not its time, so that a burst can be read as well as a pause. All texts are visible and of one line.
type sequence struct {
	lanes []string
	rows  []step
}

// A step is one row: an arrow from one lifeline to another, a note at one, or a remark at none.
type step struct {
	at       time.Duration
	kind     labs.EventKind
	from, to int    // lanes: equal for a note, nowhere for a remark
	label    string // whole; each writer cuts it to its room
	missing  bool   // it did not happen, and should have
	wrong    bool   // it did happen, and should not have, or not so
}

const nowhere = -1

func (s step) isArrow() bool  { return s.from != s.to }
func (s step) isRemark() bool { return s.from == nowhere }
func (s step) isMarked() bool { return s.missing || s.wrong }

// clock is the step's time; what is missing has none.
func (s step) clock() string {
	if s.missing || s.at == 0 {
		return ""
	}
	return clock(s.at)
}

// onWire reports whether the step was seen between the programs, not at one of them.
func (s step) onWire() bool {
	return s.kind == labs.Packet || s.kind == labs.HTTP || s.kind == labs.Frame
}

// newSequence draws some events of a check. Whose an address is, it learns from the whole transcript.
func newSequence(events, transcript []labs.Event) sequence {
	p := newParties(slices.Concat(transcript, events))
	var s sequence
	lanes := map[string]int{}
	lane := func(name string) int {
		i, known := lanes[name]
		if !known {
			i = len(s.lanes)
			lanes[name] = i
			s.lanes = append(s.lanes, name)
		}
		return i
	}
	served := map[int]int{} // by lane: how many arrows come to it or go from it as the one who serves
	for _, e := range events {
		from, to := p.ends(e)
		row := step{at: e.At, kind: e.Kind, from: nowhere, to: nowhere, missing: e.Missing, wrong: e.Wrong}
		if from != "" {
			row.from, row.to = lane(from), lane(to)
		}
		if server := p.server(e); row.isArrow() && server != "" {
			served[lane(server)]++
		}
		row.label = p.label(e, row.isArrow())
		s.rows = append(s.rows, row)
	}
	s.order(served)
	return s
}

// order puts the one who serves most between the others, behind the first of few and in the middle of many, so that
// arrows are short. The others stay in the order in which they appeared.
func (s *sequence) order(served map[int]int) {
	hub := nowhere
	for i := range s.lanes {
		if served[i] > 0 && (hub == nowhere || served[i] > served[hub]) {
			hub = i
		}
	}
	if hub == nowhere || len(s.lanes) < 2 {
		return
	}
	order := make([]int, 0, len(s.lanes)) // the lanes by their new places
	for i := range s.lanes {
		if i != hub {
			order = append(order, i)
		}
	}
	s.reorder(slices.Insert(order, max(1, len(order)/2), hub))
}

func (s *sequence) reorder(order []int) {
	names, place := make([]string, len(order)), make([]int, len(order))
	for to, from := range order {
		names[to], place[from] = s.lanes[from], to
	}
	s.lanes = names
	for i, r := range s.rows {
		if !r.isRemark() {
			s.rows[i].from, s.rows[i].to = place[r.from], place[r.to]
		}
	}
}

// remark is a row that is about others, at no lifeline.
func remark(format string, args ...any) step {
	return step{kind: labs.Note, from: nowhere, to: nowhere, label: fmt.Sprintf(format, args...)}
}

// arrows counts the rows that are arrows.
func (s sequence) arrows() int {
	n := 0
	for _, r := range s.rows {
		if r.isArrow() {
			n++
		}
	}
	return n
}

// whole is all of a check's transcript, with what is missing where the check waited for it in vain: before the kit's
// last remark.
func whole(v labs.Verdict) []labs.Event {
	if v.Failure == nil {
		return v.Transcript
	}
	var missing []labs.Event
	for _, e := range v.Failure.Excerpt {
		if e.Missing && !slices.Contains(v.Transcript, e) {
			missing = append(missing, e)
		}
	}
	at := len(v.Transcript)
	for i, e := range slices.Backward(v.Transcript) {
		if isRemark(e) {
			at = i
			break
		}
	}
	return slices.Insert(slices.Clone(v.Transcript), at, missing...)
}

// what is the few events that matter, or all where there is no such choice.
func what(v labs.Verdict) []labs.Event {
	if v.Failure != nil && len(v.Failure.Excerpt) > 0 {
		return v.Failure.Excerpt
	}
	return v.Transcript
}

// cut leaves at most n events, n at least 4: the first, the last, which hold what was wrong, and between them a remark that says
// how many are gone.
func cut(events []labs.Event, n int) []labs.Event {
	gone := len(events) - n + 1
	if gone <= 1 {
		return events
	}
	head := n / 4
	remark := labs.Event{Kind: labs.Note, Who: kitself, Text: fmt.Sprintf("… %d of %d rows cut", gone, len(events))}
	return slices.Concat(events[:head], []labs.Event{remark}, events[head+gone:])
}

// label is what stands at an arrow or a note.
func (p parties) label(e labs.Event, arrow bool) string {
	w := wordings[e.Kind]
	missing := e.Missing
	e.Missing = false
	text := eventText(e, w)
	if e.Text == "" && missing {
		text = ""
	}
	switch {
	case e.Kind == labs.Joined:
		text = joined(w.verb, text)
	case e.Kind == labs.Left:
		text = cmp.Or(text, w.verb)
	case !arrow && e.Kind != labs.Note:
		text = joined(cmp.Or(w.verb, oneLine(string(e.Kind))), text)
	}
	switch {
	case missing && text == "":
		return "missing"
	case missing:
		return "missing: " + text
	}
	return p.port(e) + text
}

func joined(verb, text string) string { return strings.TrimSpace(verb + " " + text) }
