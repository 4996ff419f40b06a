package harness

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"broadcastlab/labs"
)

// This file puts failures into words: what happened in the chat, what should have, and what the system says.

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
		return c.unsaid(who, w, patience)
	}
	said := c.t.events[at]
	text := c.bare(said.Text)
	if tag := c.getenv(said.Who); tag != "" && strings.Contains(w.text, tag) {
		if l := lineWith(who.after(at), text); l != nil {
			return c.wrongTag(said, text, who, *l, w)
		}
	}
	misheard, deaf := c.misheard(at, text, w, left)
	if len(deaf) == 0 {
		return c.inAnotherForm(at, text, misheard, w)
	}
	who, left = deaf[0], deaf
	heardIt, missedIt := c.audience(at, w, left)
	f := labs.Failure{
		Headline: fmt.Sprintf("%s %s %q. %s", said.Who, verb(said.Kind), shorten(text, 120), sentence(heardIt, missedIt, said.Who)),
		Expected: fmt.Sprintf("%s %s", who.name, w.expected(text)),
		Heard:    c.lately(who, text),
		Next:     c.advice(said, who.name, heardIt, missedIt, w),
	}
	return c.failAt(at, f, text, labs.Event{Who: who.name, Kind: c.hearing(who.name), To: said.To, Text: text, Missing: true})
}

// A mishearing is a line that holds a text that was said, and is not the line that is asked for.
type mishearing struct {
	who *ear
	line
}

// misheard tells those who have heard the text since that event, in another form, from those who have not heard it. The transcript's
// lock is held.
func (c *check) misheard(at int, text string, w wish, left []*ear) (misheard []mishearing, deaf []*ear) {
	for _, e := range left {
		lines := e.after(at)
		i := slices.IndexFunc(lines, func(l line) bool { return strings.Contains(l.text, text) && !w.fits(l) })
		if i < 0 || text == "" { // an empty text is in every line
			deaf = append(deaf, e)
		} else {
			misheard = append(misheard, mishearing{e, lines[i]})
		}
	}
	return misheard, deaf
}

// inAnotherForm tells that a text has come, but not as it was asked for. The transcript's lock is held.
func (c *check) inAnotherForm(at int, text string, misheard []mishearing, w wish) error {
	var names []string
	for _, m := range misheard {
		names = append(names, m.who.name)
		c.markLine(m.who, m.line)
	}
	said, first := c.t.events[at], misheard[0]
	f := labs.Failure{
		Headline: fmt.Sprintf("%s %s %q. %s heard it in another form than was asked for.", said.Who, verb(said.Kind), shorten(text, 120), list(names)),
		Expected: fmt.Sprintf("%s %s", first.who.name, w.expected(text)),
		Heard:    cmp.Or(nearMiss([]line{first.line}, text), fmt.Sprintf("%q", shorten(first.text, 160))),
		Next:     "The text has come. Compare what stands around it with what is expected: the lesson has the form, letter for letter.",
	}
	switch {
	case first.binary:
		f.Next = "Chat is text: send it as a text message, with opcode 1 (RFC 6455, section 5.6)."
	case w.exact:
		f.Next = "Pass the text on as it was said, with nothing before it and nothing behind it, not even a newline."
	}
	return c.failAt(at, f, text)
}

// unsaid tells that somebody did not hear what nobody in the script said. The transcript's lock is held.
func (c *check) unsaid(who *ear, w wish, patience time.Duration) error {
	f := labs.Failure{
		Headline: fmt.Sprintf("%s %s within %v.", who.name, c.didNotHear(who.name), patience),
		Expected: c.shown(w), Heard: c.lately(who, ""),
	}
	if who.ended != "" {
		f.Headline = fmt.Sprintf("%s %s, and %s.", who.name, c.didNotHear(who.name), who.ended)
	}
	if p, ok := w.phrase(); ok {
		f.Headline = fmt.Sprintf("%s does not say that %s.", who.name, p.says)
		f.Expected, f.Next = "a line that says that "+p.says, p.next
	}
	return c.failAt(-1, f, "", labs.Event{Who: who.name, Kind: c.hearing(who.name), Text: f.Expected, Missing: true})
}

// lineWith returns the first line that holds the text; nil where none does.
func lineWith(lines []line, text string) *line {
	for _, l := range lines {
		if !l.binary && strings.Contains(l.text, text) {
			return &l
		}
	}
	return nil
}

// wrongTag tells that a text has come, but not as from the one who said it. The transcript's lock is held.
func (c *check) wrongTag(said labs.Event, text string, who *ear, l line, w wish) error {
	before, _, _ := strings.Cut(l.text, text)
	own := c.addressOf(said.Who)
	f := labs.Failure{
		Expected: own + " before the text",
		Heard:    l.text,
		Next:     "Whose address does your server take, and when? It must be remembered together with the message.",
	}
	head := fmt.Sprintf("%s said %q. %s heard it ", said.Who, shorten(text, 120), who.name)
	ip, _, _ := strings.Cut(own, ":")
	switch found := anyAddress.FindString(before); {
	case strings.Contains(before, own):
		f.Headline = head + "in another form than was asked for."
		f.Expected, f.Next = c.shown(w), "The lesson has the form, letter for letter."
	case found != "":
		f.Headline = head + fmt.Sprintf("with %s before it, which is %s.", found, c.whose(found))
	case strings.Contains(before, ip):
		f.Headline = head + fmt.Sprintf("with %s before it, without the port.", ip)
		f.Next = "Two clients on one machine have one IP address; the port tells them apart."
	default:
		f.Headline = head + "without an address before it."
		f.Next = "The tag is the sender's address as the server sees it, with the port."
	}
	c.markLine(who, l)
	return c.failAt(c.saidAt(said.Who, said.Text), f, text)
}

// whose says in words who has an address.
func (c *check) whose(addr string) string {
	for name, a := range c.actors {
		if p, ok := a.(*peer); ok && p.addr == addr {
			return name + "'s address"
		}
	}
	if addr == c.addr {
		return "the server's own address"
	}
	return "nobody's address here"
}

// markWrong marks the last event that is meant as one that should not have happened. The transcript's lock is held.
func (c *check) markWrong(meant func(labs.Event) bool) {
	for i := len(c.t.events) - 1; i >= 0; i-- {
		if meant(c.t.events[i]) {
			c.t.events[i].Wrong = true
			return
		}
	}
}

// markLine marks the event of a line that somebody should not have heard, or not so. The transcript's lock is held.
func (c *check) markLine(who *ear, l line) {
	if l.event >= 0 && l.event < len(c.t.events) && c.t.events[l.event].Who == who.name {
		c.t.events[l.event].Wrong = true
	}
}

// unlogged tells that the server did not print a line. The transcript's lock is held.
func (c *check) unlogged(who *ear, w wish) error {
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("The %s printed no line that fits.", who.name),
		Expected: c.shown(w),
		Heard:    c.lately(who, ""),
		Next:     "The lesson has the line as it should be; time stamps and colours around it do not matter.",
	}, "", labs.Event{Who: who.name, Kind: labs.Printed, Text: c.shown(w), Missing: true})
}

// heardToo tells that somebody heard what nobody should.
func (c *check) heardToo(e *ear, l line, w wish) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	f := labs.Failure{
		Headline: fmt.Sprintf("%s heard something that should not have come: %q.", e.name, shorten(l.text, 160)),
		Expected: "nothing like it here", Heard: l.text,
	}
	if c.isProgram(e.name) {
		f.Headline = fmt.Sprintf("%s printed a line that should not be there: %q.", e.name, shorten(l.text, 160))
		f.Expected = "no line like it"
		f.Next = "Print your line instead of that one, not as well."
	}
	c.markLine(e, l)
	at := c.lastSaid(w)
	text := ""
	if at >= 0 {
		said := c.t.events[at]
		text = c.bare(said.Text)
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
	return c.failAt(from, f, text)
}

// nobodyHeard tells that a text reached nobody at all.
func (c *check) nobodyHeard(speaker, text string) error {
	if err := c.lost(speaker); err != nil {
		return err
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	at := c.saidAt(speaker, text)
	said := c.t.events[max(at, 0)]
	e := c.t.ears[speaker]
	w := wish{patterns: []*regexp.Regexp{regexp.MustCompile(regexp.QuoteMeta(text))}, text: text}
	if misheard, _ := c.misheard(at, text, w, []*ear{e}); len(misheard) > 0 {
		return c.inAnotherForm(max(at, 0), text, misheard, w)
	}
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
// and how to repeat it, as far as the failure has none of it. The text is what somebody said there. The transcript's lock is held.
func (c *check) failAt(at int, f labs.Failure, text string, missing ...labs.Event) error {
	if f.Excerpt == nil {
		f.Excerpt = c.excerpt(at, text, missing)
	}
	f.Facts = c.facts()
	if f.ByHand == nil {
		f.ByHand = c.byHand(typing(text))
	}
	return &wrong{f}
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
	if strings.Contains(said.Text, " fragments") && strings.HasPrefix(said.Text, "(in ") {
		return "Does your read return after the first frame? A message ends with the frame that has FIN."
	}
	switch h, toHost := c.actors[who].(*host); {
	case toHost && h.absence() != "", c.isProgram(said.Who) && c.t.ears[said.Who].ended != "":
		return "The client has to connect, and to stay until its input ends: what stops it?"
	case toHost:
		return "Send each line that is typed as one text message, at once and as it was typed, without its newline. Or does the client wait for an answer before it reads the next line?"
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

// shown puts a wish into words, with real addresses in place of the patterns for them.
func (c *check) shown(w wish) string {
	text := w.String()
	if p, ok := w.phrase(); ok {
		text = "a line that says that " + p.says
		for _, more := range w.patterns[1:] {
			text += ", with " + strings.ReplaceAll(strings.TrimPrefix(more.String(), "(?s)"), `\.`, ".")
		}
	}
	if w.first {
		text = strings.Replace(text, "a line", "a first line", 1)
	}
	for name := range c.actors {
		if pattern := c.getenv(name); pattern != "" {
			text = strings.ReplaceAll(text, pattern, c.addressOf(name))
		}
	}
	return text
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
