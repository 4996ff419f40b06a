package harness

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/pod"
)

// This file puts failures into words: what happened in the chat, what should have, and what the system says.

// memoryNear is how much memory a program must have had for its end to be told as a matter of memory.
const memoryNear = pod.MemoryLimit / 2

// maxExcerpt is how many events a failure shows.
const maxExcerpt = 8

// unheard tells that some have not heard what they should have.
func (c *check) unheard(left []*ear, w wish, patience time.Duration) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	who := left[0]
	if p, ok := c.actors[who.name].(*program); ok && p.role == "server" {
		return c.unlogged(who, w)
	}
	at := c.lastSaid(w)
	if at < 0 {
		return c.failAt(-1, labs.Failure{
			Headline: fmt.Sprintf("%s %s within %v.", who.name, c.didNotHear(who.name), patience),
			Expected: w.String(), Heard: c.lately(who, ""),
		}, "", labs.Event{Who: who.name, Kind: c.hearing(who.name), Text: w.String(), Missing: true})
	}
	said := c.t.events[at]
	text := c.bare(said.Text)
	heardIt, missedIt := c.audience(at, w, left)
	f := labs.Failure{
		Headline: fmt.Sprintf("%s %s %q. %s", said.Who, verb(said.Kind), shorten(text, 120), sentence(heardIt, missedIt, said.Who)),
		Expected: fmt.Sprintf("%s %s", who.name, w.expected(text)),
		Heard:    c.lately(who, text),
		Next:     c.advice(said, who.name, heardIt, missedIt, w),
	}
	return c.failAt(at, f, text, labs.Event{Who: who.name, Kind: c.hearing(who.name), To: said.To, Text: text, Missing: true})
}

// unlogged tells that the server did not print a line. The transcript's lock is held.
func (c *check) unlogged(who *ear, w wish) error {
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("The %s printed no line that fits.", who.name),
		Expected: w.String(),
		Heard:    c.lately(who, ""),
		Next:     "The lesson has the line as it should be; time stamps and colours around it do not matter.",
	}, "", labs.Event{Who: who.name, Kind: labs.Printed, Text: w.String(), Missing: true})
}

// heardToo tells that somebody heard what nobody should.
func (c *check) heardToo(e *ear, l line, w wish) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	f := labs.Failure{
		Headline: fmt.Sprintf("%s heard something that should not have come: %q.", e.name, shorten(l.text, 160)),
		Expected: "nothing like it here", Heard: l.text,
	}
	at := c.lastSaid(w)
	if at >= 0 && (w.exact || c.bare(c.t.events[at].Text) != l.text || len(w.text) > 1) {
		said := c.t.events[at]
		text := c.bare(said.Text)
		switch {
		case said.Who == e.name && strings.Contains(l.text, text) && c.isProgram(e.name):
			f.Headline = fmt.Sprintf("%q was typed at %s, and %s printed it, though the server never sent it.", shorten(text, 120), e.name, e.name)
			f.Expected = "only what the server sends is printed"
			f.Next = "Print what comes from the server, not what is typed: the server's answer is the proof that it was heard."
		case strings.Contains(l.text, text):
			f.Headline = fmt.Sprintf("%s %s %q once. %s heard it more than once.", said.Who, verb(said.Kind), shorten(text, 120), e.name)
			f.Expected = "every message once"
			f.Next = "Is a client in your list twice, or is a message sent in two places?"
		}
	}
	from := at
	if l.event >= 0 && from < 0 {
		from = max(0, l.event-4)
	}
	return c.failAt(from, f, l.text)
}

// nobodyHeard tells that a text reached nobody at all.
func (c *check) nobodyHeard(speaker, text string) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	at := c.saidAt(speaker, text)
	said := c.t.events[max(at, 0)]
	e := c.t.ears[speaker]
	return c.failAt(at, labs.Failure{
		Headline: fmt.Sprintf("%s %s %q. Nobody heard it, not even %s.", speaker, verb(said.Kind), text, speaker),
		Expected: "everyone in the chat hears it",
		Heard:    c.lately(e, text),
		Next:     c.advice(said, speaker, nil, []string{speaker}, wish{}),
	}, text, labs.Event{Who: speaker, Kind: c.hearing(speaker), To: "server", Text: text, Missing: true})
}

// nobodyCame tells that the kit's own server has nobody to speak to.
func (c *check) nobodyCame(h *host, err error) error {
	if err != errPatience {
		return c.gaveUp(err)
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("The kit's server listens on %s, and no client has come.", h.listener.Addr()),
		Expected: "the client connects and asks for a WebSocket",
		Heard:    "nothing",
		Next:     "Does the client dial the address that it is given with -url?",
	}, "", labs.Event{Who: "client", Kind: labs.Joined, To: h.name, Text: h.listener.Addr().String(), Missing: true})
}

// gaveUp is for waits that ended for a reason of their own.
func (c *check) gaveUp(err error) error { return machineError("%v", err) }

func (c *check) portTaken(addr string) error {
	return machineError("%s", TakenPort(addr))
}

// fail is failAt for callers that hold no lock and blame no moment.
func (c *check) fail(f labs.Failure, missing ...labs.Event) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	return c.failAt(-1, f, "", missing...)
}

// failAt completes a failure with what the transcript shows from that event on, what the system says of the programs,
// and how to repeat it. The transcript's lock is held.
func (c *check) failAt(at int, f labs.Failure, text string, missing ...labs.Event) error {
	f.Excerpt = c.excerpt(at, text, missing)
	f.Facts = c.facts()
	f.ByHand = c.byHand(text)
	return &wrong{f}
}

// excerpt picks the events that matter: from the moment when the text was said those that hold it, else the last ones.
func (c *check) excerpt(at int, text string, missing []labs.Event) []labs.Event {
	room := maxExcerpt - len(missing)
	var picked []labs.Event
	if at >= 0 {
		for _, e := range c.t.events[at:] {
			if len(picked) < room && (text == "" || strings.Contains(e.Text, text) || e.Kind == labs.Left || e.Kind == labs.Ended || len(picked) == 0) {
				picked = append(picked, e)
			}
		}
	}
	if len(picked) < 2 {
		picked = nil
		from := max(0, at-2)
		if at < 0 {
			from = max(0, len(c.t.events)-room)
		}
		for _, e := range c.t.events[from:] {
			if len(picked) < room {
				picked = append(picked, e)
			}
		}
	}
	return append(picked, missing...)
}

// facts asks the system about the judged programs.
func (c *check) facts() []string {
	var facts []string
	for _, p := range c.programs {
		if p.ear.ended != "" {
			fact := fmt.Sprintf("%s %s", p.name, p.ear.ended)
			if lines := p.lastLines(3); len(lines) > 0 {
				fact += "; it printed last: " + shorten(strings.Join(lines, " ⏎ "), 300)
			}
			facts = append(facts, fact)
			if p.memory() > memoryNear {
				facts = append(facts, fmt.Sprintf("%s had taken %d MiB of memory; the kit allows %d MiB", p.name, p.memory()>>20, pod.MemoryLimit>>20))
			}
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

// byHand are the commands that repeat the check in a few terminals. The kit's own peers and servers become the
// submission's own, since nobody has others at hand.
func (c *check) byHand(text string) []string {
	_, server := c.job.Submission.Server.argv(c.addr, "ws://"+c.addr)
	_, client := c.job.Submission.Client.argv(c.addr, "ws://"+c.addr)
	var commands []string
	add := func(argv []string) {
		if command := strings.Join(quoteArgs(argv), " "); !slices.Contains(commands, command) {
			commands = append(commands, command)
		}
	}
	peers := 0
	for _, a := range c.actors {
		switch a.(type) {
		case *peer:
			peers++
		case *host:
			add(server)
			peers = max(peers, 2)
		}
	}
	for _, p := range c.programs {
		if p.role != "client" || peers == 0 || !slices.Equal(p.shown, client) {
			add(p.shown)
		}
	}
	if peers > 0 {
		add(client)
	}
	if peers > 1 {
		commands[len(commands)-1] += fmt.Sprintf("    in %d terminals", peers)
	}
	if text != "" && len(text) <= 80 {
		commands = append(commands, "and type    "+text)
	}
	return commands
}

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
	return strings.Contains(w.text, said) || slices.ContainsFunc(forms(w.text), func(f string) bool { return strings.Contains(f, said) })
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

func sentence(heardIt, missedIt []string, speaker string) string {
	if len(heardIt) == 0 {
		if len(missedIt) == 1 {
			return missedIt[0] + " did not hear it."
		}
		return "Nobody heard it."
	}
	s := list(heardIt) + " heard it; " + list(missedIt) + " did not."
	if len(missedIt) == 1 && missedIt[0] == speaker {
		s = list(heardIt) + " heard it; " + speaker + ", who said it, did not."
	}
	return s
}

// advice is the one next step. It goes by who heard and who did not.
func (c *check) advice(said labs.Event, who string, heardIt, missedIt []string, w wish) string {
	switch _, toHost := c.actors[who].(*host); {
	case toHost:
		return "Send each line that is typed as one text message, at once and as it was typed, without its newline."
	case c.isProgram(who) && !c.isProgram(said.Who):
		return "The client must print each message as soon as it comes: one goroutine hears while another types, and output must not wait in a buffer."
	case len(heardIt) > 0 && slices.Equal(missedIt, []string{said.Who}):
		return "Where your server goes through its clients: does it leave out the one who spoke?"
	case slices.Equal(heardIt, []string{said.Who}):
		return "Your server answers the one who spoke. Where does it go through all the others?"
	case len(heardIt) > 0:
		return "Where your server goes through its clients: does it reach the last one, whatever their number?"
	}
	return "Follow one message through your server: where is it read, where is it handed to the others, where is it written?"
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
	switch {
	case len(shown) > 0 && e.ended != "":
		return strings.Join(shown, ", ") + "; then " + e.ended
	case len(shown) > 0:
		return strings.Join(shown, ", ")
	case e.ended != "" && c.isProgram(e.name):
		return "nothing: " + e.name + " " + e.ended
	case e.ended != "":
		return "nothing: " + e.ended
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
		case strings.Contains(strings.ToLower(l.text), strings.ToLower(text)) && !strings.Contains(l.text, text):
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

func (w wish) String() string {
	if w.exact {
		return fmt.Sprintf("exactly %q", shorten(w.text, 160))
	}
	var shown []string
	for _, p := range w.patterns {
		shown = append(shown, shorten(strings.TrimPrefix(p.String(), "(?s)"), 160))
	}
	return "a line that fits  " + strings.Join(shown, "  and  ")
}

// expected puts a wish for a text that was said into words.
func (w wish) expected(text string) string {
	switch {
	case w.exact:
		return fmt.Sprintf("gets exactly %q", shorten(text, 160))
	case w.text == text || len(w.patterns) == 0:
		return fmt.Sprintf("hears %q", shorten(text, 160))
	default:
		return "hears " + w.String()
	}
}

func (c *check) isProgram(name string) bool {
	_, ok := c.actors[name].(*program)
	return ok
}

func (c *check) hearing(name string) labs.EventKind {
	if c.isProgram(name) {
		return labs.Printed
	}
	return labs.Received
}

func (c *check) didNotHear(name string) string {
	if c.isProgram(name) {
		return "printed no line that fits"
	}
	return "heard nothing that fits"
}

func verb(kind labs.EventKind) string {
	if kind == labs.Typed {
		return "typed"
	}
	return "said"
}

func list(names []string) string {
	switch n := len(names); n {
	case 0:
		return "nobody"
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}
