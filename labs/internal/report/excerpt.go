package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"broadcastlab/labs"
)

// wording says how an event reads: Who, the verb, the text. Where it should have come and did not, and had no text, absent stands in
// place of the text.
type wording struct {
	verb, absent string
	quoted       bool
}

var wordings = map[labs.EventKind]wording{
	labs.Started:  {"starts", "never", false},
	labs.Listens:  {"listens on", "nothing", false},
	labs.Typed:    {"types", "nothing", true},
	labs.Printed:  {"prints", "nothing", false},
	labs.Complain: {"complains", "nothing", false},
	labs.Sent:     {"says", "nothing", true},
	labs.Received: {"hears", "nothing", false},
	labs.Joined:   {"joins", "never", false},
	labs.Left:     {"leaves", "never", false},
	labs.Ended:    {"ends", "never", false},
	labs.Packet:   {"→", "nothing", false},
	labs.HTTP:     {"→", "nothing", false},
	labs.Frame:    {"→", "nothing", false},
	labs.Note:     {"note", "nothing", false},
}

// A row is one event of a transcript, ready to be aligned with others.
type row struct {
	at, who, verb, text string
	missing             bool
}

// excerpt lays out events below each other, one line each, at most width columns wide.
func excerpt(events []labs.Event, o Style, width int) []string {
	var rows []row
	var at, who, verb int
	several := severalParties(events)
	for _, e := range events {
		r := newRow(e, several)
		at, who, verb = max(at, cells(r.at)), max(who, cells(r.who)), max(verb, cells(r.verb))
		rows = append(rows, r)
	}
	room := max(20, width-len("! ")-at-who-verb-3*len("  "))
	var out []string
	for _, r := range rows {
		mark := "  "
		if r.missing {
			mark = "! "
		}
		line := mark + padLeft(r.at, at) + "  " + pad(r.who, who) + "  " + pad(r.verb, verb) + "  " + shorten(r.text, room)
		if r.missing {
			line = o.paint(red, line)
		}
		out = append(out, line)
	}
	return out
}

// newRow words one event. Names are cut to so many columns: some are made up by the judged program.
func newRow(e labs.Event, several bool) row {
	const name = 20
	w, known := wordings[e.Kind]
	if !known {
		w = wording{verb: oneLine(string(e.Kind)), absent: "nothing"}
	}
	r := row{at: clock(e.At), who: shorten(oneLine(e.Who), name), verb: w.verb, text: eventText(e, w), missing: e.Missing || e.Wrong}
	if e.Missing {
		r.at = ""
	}
	to := shorten(oneLine(e.To), name)
	switch {
	case to == "":
	case w.verb == "→", e.Kind == labs.Joined, e.Kind == labs.Left:
		r.verb += " " + to
	case several && e.Kind == labs.Sent:
		r.verb += " to " + to
	case several && e.Kind == labs.Received:
		r.verb += " from " + to
	}
	return r
}

// eventText quotes what somebody said, and anything else whose ends could not be seen.
func eventText(e labs.Event, w wording) string {
	if e.Kind == labs.Complain { // a stack trace is indented
		e.Text = strings.TrimLeft(e.Text, "\t")
	}
	text := oneLine(e.Text)
	blankEnds := text != "" && (text[0] == ' ' || text[len(text)-1] == ' ')
	silent := text == "" && slices.Contains([]labs.EventKind{labs.Printed, labs.Complain, labs.Received}, e.Kind)
	if (w.quoted || blankEnds || silent) && (text != "" || !e.Missing) {
		text = `"` + text + `"`
	}
	switch {
	case !e.Missing:
		return text
	case text == "":
		return w.absent
	}
	return "missing: " + text
}

// severalParties reports whether the kit's peers talk with more than one other, so that a row must name the other.
func severalParties(events []labs.Event) bool {
	first := ""
	for _, e := range events {
		if e.To == "" || e.Kind != labs.Sent && e.Kind != labs.Received {
			continue
		}
		if first = cmp.Or(first, e.To); e.To != first {
			return true
		}
	}
	return false
}

// around picks at most n of the lines of an excerpt, those that lead up to the first event that is missing or wrong, or to the
// last one.
func around(events []labs.Event, drawn []string, n int) []string {
	focus := slices.IndexFunc(events, func(e labs.Event) bool { return e.Missing || e.Wrong })
	return leadingUp(drawn, focus, n, func(gone int) string { return fmt.Sprintf("  "+rowsCut, gone) })
}

const rowsCut = "… %d more rows cut"

// leadingUp keeps at most n rows, those that lead up to the one in focus, or to the last one if none is (-1). One of the n
// says how many are gone, where most of them are.
func leadingUp[T any](rows []T, focus, n int, cut func(gone int) T) []T {
	if len(rows) <= n {
		return rows
	}
	if focus < 0 {
		focus = len(rows) - 1
	}
	n--
	from := max(0, focus-n+1)
	said := cut(len(rows) - n)
	if from == 0 {
		return append(rows[:n:n], said)
	}
	return append([]T{said}, rows[from:from+n]...)
}

func clock(d time.Duration) string {
	switch {
	case d > 0 && d < time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	case d < 10*time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return seconds(d)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// Transcript writes events as a file keeps them: one line each, nothing cut, every control character visible.
func Transcript(w io.Writer, events []labs.Event) error {
	for _, line := range excerpt(events, Style{}, 1<<20) {
		if _, err := io.WriteString(w, strings.TrimRight(line, " ")+"\n"); err != nil {
			return err
		}
	}
	return nil
}
