package harness

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/pod"
)

// This file collects what a failure shows: the events that matter, what the system says, what was heard instead.

// maxExcerpt is how many events a failure shows.
const maxExcerpt = 8

// excerpt picks the events that matter: from the moment when the text was said those that hold it, else the last ones.
func (c *check) excerpt(at int, text string, missing []labs.Event) []labs.Event {
	room := maxExcerpt - len(missing)
	var picked []labs.Event
	events := withoutTraces(c.t.events[max(0, at):])
	if at >= 0 {
		for _, e := range events {
			if len(picked) < room && (text == "" || strings.Contains(e.Text, text) || e.Kind == labs.Left || e.Kind == labs.Ended || len(picked) == 0) {
				picked = append(picked, e)
			}
		}
	}
	if len(picked) < 2 {
		from := 0
		if at < 0 {
			from = max(0, len(events)-room)
		}
		picked = slices.Clone(events[from:min(from+room, len(events))])
	}
	return append(picked, missing...)
}

// withoutTraces leaves of each stack trace its first line: it says why, the others say where in code.
func withoutTraces(events []labs.Event) []labs.Event {
	tracing := map[string]bool{}
	var kept []labs.Event
	for _, e := range events {
		if e.Kind == labs.Complain || e.Kind == labs.Printed {
			if tracing[e.Who] {
				continue
			}
			tracing[e.Who] = strings.HasPrefix(e.Text, "fatal error: ") || stackTrace.MatchString(e.Text)
		}
		kept = append(kept, e)
	}
	return kept
}

// facts asks the system about the judged programs.
func (c *check) facts() []string {
	var facts []string
	programs := slices.Clone(c.programs)
	slices.SortStableFunc(programs, c.aboutFirst)
	for _, p := range programs {
		if p.ear.ended != "" {
			fact := fmt.Sprintf("%s %s", p.name, p.ear.ended)
			if lines := p.lastLines(3); len(lines) > 0 {
				fact += "; it printed last: " + shorten(strings.Join(lines, " ⏎ "), 300)
			}
			facts = append(facts, fact)
			continue
		}
		fact := p.name + " is running"
		if p.role == "server" {
			fact += listensOn(p)
		} else if p.addr != "" {
			fact += ", told to connect to " + p.addr
		}
		facts = append(facts, fact)
	}
	return facts
}

// aboutFirst orders those programs before others that the failing command is about.
func (c *check) aboutFirst(a, b *program) int {
	rank := func(p *program) int {
		if slices.ContainsFunc(c.about, func(arg string) bool { return slices.Contains(strings.Split(arg, ","), p.name) }) {
			return 0
		}
		return 1
	}
	return rank(a) - rank(b)
}

func listensOn(p *program) string {
	var addrs []string
	for _, a := range pod.Ports(p.cmd.Process.Pid) {
		addrs = append(addrs, a.String())
	}
	slices.Sort(addrs)
	switch {
	case len(addrs) > 0:
		return " and listens on " + strings.Join(slices.Compact(addrs), " and ")
	case canList():
		return " and listens on no port at all"
	}
	return ""
}

func canList() bool {
	_, ok := pod.Listening()
	return ok
}

// byHand are the commands that repeat the check in a few terminals, and what to do then; empty: nothing more. The kit's own peers
// and servers become the submission's own, since nobody has others at hand. Who came first is started first.
func (c *check) byHand(then string) []string {
	_, server := c.job.Submission.Server.argv(c.addr, "ws://"+c.addr)
	_, client := c.job.Submission.Client.argv(c.addr, "ws://"+c.addr)
	commands := []string{} // not nil: that there is nothing to do is an answer too
	add := func(command string) {
		if command != "" && !slices.Contains(commands, command) {
			commands = append(commands, command)
		}
	}
	peers := c.calls
	if slices.ContainsFunc(c.t.order, func(name string) bool { _, ok := c.actors[name].(*host); return ok }) {
		add(typedAs(server))
		peers = max(peers, 2)
	}
	for _, p := range c.inTurn() {
		if p.role != "client" || peers == 0 || !slices.Equal(p.shown, client) {
			add(typedAs(p.shown))
		}
	}
	chat := ""
	if peers > 0 {
		chat = typedAs(client)
	}
	if peers > 1 {
		chat += fmt.Sprintf("    in %d terminals", peers)
	}
	for _, name := range c.t.order {
		switch a := c.actors[name].(type) {
		case *peer:
			add(chat)
		case *raw:
			add(a.byHand())
		}
	}
	add(chat) // of a peer that could not connect, and of whom a host talks with
	add(then)
	return commands
}

// inTurn are the programs as they were started, save that of the clients those come first that the failing command is about.
func (c *check) inTurn() []*program {
	programs := slices.Clone(c.programs)
	if first := slices.IndexFunc(programs, func(p *program) bool { return p.role == "client" }); first >= 0 {
		slices.SortStableFunc(programs[first:], c.aboutFirst)
	}
	return programs
}

// typing is what to do by hand about a text that was said, if it can be typed as one line.
func typing(text string) string {
	if text == "" || len(text) > 80 || strings.ContainsFunc(text, unicode.IsControl) {
		return ""
	}
	return "and type    " + text
}

// pasting is what to do by hand where one text alone would show nothing.
const pasting = "and paste several lines at once"

// typedAs is a command as a person types it.
func typedAs(argv []string) string { return strings.Join(quoteArgs(argv), " ") }

func quoteArgs(args []string) []string {
	quoted := slices.Clone(args)
	for i, a := range quoted {
		if a == "" || strings.ContainsAny(a, " '\"\\$&;|<>()") {
			quoted[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return quoted
}

// lastSaid finds the last thing said that is what the wish is about; -1 where there is none. The lock is held.
func (c *check) lastSaid(w wish) int {
	for i := len(c.t.events) - 1; i >= 0; i-- {
		e := c.t.events[i]
		if (e.Kind == labs.Typed || e.Kind == labs.Sent) && (w.exact && c.bare(e.Text) == shorten(w.text, maxEventText) || !w.exact && w.aboutText(c.bare(e.Text))) {
			return i
		}
	}
	return -1
}

// aboutText reports whether one of the wish's patterns holds that text: it may ask for a tag before it too.
func (w wish) aboutText(said string) bool {
	return said != "" && (strings.Contains(w.text, said) || slices.ContainsFunc(forms(w.text), func(f string) bool { return strings.Contains(f, said) }))
}

// saidAt finds the event in which that text was said; -1 where it has fallen out of the transcript. The lock is held.
func (c *check) saidAt(who, text string) int {
	return slices.IndexFunc(c.t.events, func(e labs.Event) bool {
		return e.Who == who && (e.Kind == labs.Typed || e.Kind == labs.Sent) && e.Text == text
	})
}

// bare takes the kit's own remark off a sent text.
func (c *check) bare(text string) string {
	if strings.HasPrefix(text, "(in ") {
		if _, rest, ok := strings.Cut(text, ") "); ok {
			return rest
		}
	}
	return text
}

// audience says who of those who can hear has heard what was said at that event. The lock is held.
func (c *check) audience(at int, w wish, left []*ear) (heardIt, missedIt []string) {
	for _, e := range left {
		missedIt = append(missedIt, e.name)
	}
	for _, name := range c.t.order {
		if slices.Contains(missedIt, name) {
			continue
		}
		if p, ok := c.actors[name].(*program); ok && p.role == "server" {
			continue
		}
		if slices.ContainsFunc(c.t.ears[name].after(at), w.fits) {
			heardIt = append(heardIt, name)
		}
	}
	return heardIt, missedIt
}

// lately says what somebody has heard since a text was said, near misses first. The lock is held.
func (c *check) lately(e *ear, text string) string {
	lines := e.heard
	if at := c.saidAny(text); text != "" && at >= 0 {
		lines = e.after(at)
	}
	if miss := nearMiss(lines, text); miss != "" {
		return miss
	}
	var shown []string
	for _, l := range lines[max(0, len(lines)-3):] {
		shown = append(shown, fmt.Sprintf("%q", shorten(l.text, 160)))
	}
	for _, rest := range e.rest {
		if rest != "" {
			shown = append(shown, fmt.Sprintf("%q (a line without its end)", shorten(rest, 160)))
		}
	}
	if frame := c.unended(e.name); frame != "" {
		shown = append(shown, frame)
	}
	ended := e.ended
	if h, ok := c.actors[e.name].(*host); ok {
		ended = h.absence()
	}
	switch {
	case len(shown) > 0 && ended != "":
		return strings.Join(shown, ", ") + "; then " + ended
	case len(shown) > 0:
		return strings.Join(shown, ", ")
	case ended != "" && c.isProgram(e.name):
		return "nothing: " + e.name + " " + ended
	case ended != "":
		return "nothing: " + ended
	case c.isProgram(e.name):
		return "nothing, and it is still running"
	default:
		return "nothing, though the connection is still open"
	}
}

func (c *check) saidAny(text string) int {
	for i := len(c.t.events) - 1; i >= 0; i-- {
		if e := c.t.events[i]; (e.Kind == labs.Typed || e.Kind == labs.Sent) && c.bare(e.Text) == shorten(text, maxEventText) {
			return i
		}
	}
	return -1
}

// nearMiss recognizes a text that came changed.
func nearMiss(lines []line, text string) string {
	if text == "" {
		return ""
	}
	words := strings.Fields(text)
	for _, l := range lines {
		quoted := fmt.Sprintf("%q", shorten(l.text, 160))
		switch {
		case l.binary && strings.Contains(l.text, text):
			return quoted + " as a binary message: chat is text"
		case strings.Contains(l.text, text) && strings.HasSuffix(l.text, "\n"):
			return quoted + ": a newline was sent along; a message needs no end of its own"
		case strings.Contains(l.text, text) && !strings.HasSuffix(strings.TrimRight(l.text, `"'`), text):
			return quoted + ": something came behind the text"
		case strings.Contains(l.text, text): // whole, whatever stands before it
		case strings.Contains(strings.ToLower(l.text), strings.ToLower(text)):
			return quoted + ": capitals were changed"
		case !utf8.ValidString(l.text):
			return quoted + ": this is not UTF-8"
		case len(words) > 1 && len(text) > 40 && strings.Contains(l.text, text[:20]):
			return fmt.Sprintf("%s: %d of %d bytes", quoted, len(l.text), len(text))
		case len(words) > 1 && strings.Contains(l.text, words[len(words)-1]):
			return quoted + ": not the text that was said"
		}
	}
	return ""
}
