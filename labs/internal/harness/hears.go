package harness

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"broadcastlab/labs"
)

// A wish is what a hears line waits for: a line that fits all of its patterns, or, exact, that is its text to the letter.
type wish struct {
	patterns []*regexp.Regexp
	exact    bool
	text     string // as the script has it
	form     form
	first    bool // only the first line that somebody has heard at all, blank ones apart
}

// A form is how a message came. Chat is plain text, so anything else is passed over unless it is asked for.
type form string

const (
	asText      form = ""
	asBinary    form = "binary"  // a binary message
	withNewline form = "newline" // a text message with a newline at its end
)

func (l line) form() form {
	switch {
	case l.binary:
		return asBinary
	case strings.HasSuffix(l.text, "\n"):
		return withNewline
	}
	return asText
}

// fits reports whether a line is what is wished for.
func (w wish) fits(l line) bool {
	if l.form() != w.form {
		return false
	}
	if w.exact {
		return l.text == w.text
	}
	for _, form := range forms(l.text) {
		if !slices.ContainsFunc(w.patterns, func(p *regexp.Regexp) bool { return !p.MatchString(form) }) {
			return true
		}
	}
	return false
}

func newWish(exact bool, texts []string) (wish, error) {
	w := wish{exact: exact, text: strings.Join(texts, " … ")}
	if exact {
		if len(texts) != 1 {
			return w, usageError("-exact takes one text")
		}
		return w, nil
	}
	for _, text := range texts {
		p, err := regexp.Compile("(?s)" + text)
		if err != nil {
			return w, usageError("%q is no regular expression: %v", text, err)
		}
		w.patterns = append(w.patterns, p)
	}
	return w, nil
}

// hears waits until each of the names has heard what is wished for, or can hear no more; patience zero is the usual one.
func (c *check) hears(names []string, w wish, patience time.Duration) error {
	var left []*search
	for _, e := range c.earsOf(names) {
		left = append(left, &search{ear: e, fits: func(l line) bool { return w.fits(l) && (!w.first || e.begins(l)) }})
	}
	patience, err := c.awaitHeard(names, patience, func() bool {
		left = slices.DeleteFunc(left, func(s *search) bool { _, ok := s.next(); return ok })
		return !slices.ContainsFunc(left, func(s *search) bool { return !c.over(s.ear) })
	})
	if err == nil && len(left) == 0 {
		return nil
	}
	if err != nil && err != errPatience {
		return c.gaveUp(err)
	}
	var deaf []*ear
	for _, s := range left {
		deaf = append(deaf, s.ear)
	}
	return c.unheard(deaf, w, patience)
}

// hearsNot asserts that nothing passed over fits. What is not yet listened to is no matter: a fence comes before.
func (c *check) hearsNot(names []string, w wish) error {
	for _, e := range c.earsOf(names) {
		c.t.mu.Lock()
		var bad *line
		for _, l := range e.passedOver() {
			if w.fits(l) {
				bad = &l
				break
			}
		}
		c.t.mu.Unlock()
		if bad != nil {
			return c.heardToo(e, *bad, w)
		}
	}
	return nil
}

// count returns how many lines so far fit, heard or passed over or still to come.
func (c *check) count(name string, w wish) int {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	n := 0
	for _, l := range c.t.ears[name].heard {
		if w.fits(l) {
			n++
		}
	}
	return n
}

// capture waits for a line like hears and makes its named groups variables.
func (c *check) capture(name string, w wish) error {
	var groups []string
	p := w.patterns[0]
	fits := func(l line) bool {
		if l.binary {
			return false
		}
		for _, form := range forms(l.text) {
			if groups = p.FindStringSubmatch(form); groups != nil {
				return true
			}
		}
		return false
	}
	e := c.t.ear(name)
	wanted := &search{ear: e, fits: fits}
	found := false
	patience, err := c.awaitHeard([]string{name}, 0, func() bool { _, found = wanted.next(); return found || e.ended != "" })
	switch {
	case err != nil && err != errPatience:
		return c.gaveUp(err)
	case !found:
		return c.unheard([]*ear{e}, w, patience)
	}
	for i, group := range p.SubexpNames() {
		if group != "" {
			c.setenv(group, groups[i])
		}
	}
	return nil
}

// fence has the speaker say a fresh text and waits until all listeners have heard it: what the speaker caused before
// has come by then, or will never come.
func (c *check) fence(speaker string, listeners []string) error {
	text := c.texts.plain()
	if err := c.say(speaker, text); err != nil {
		return err
	}
	w, err := newWish(false, []string{regexp.QuoteMeta(text)})
	if err != nil {
		return err
	}
	return c.hears(listeners, w, 0)
}

// endedFirst puts those first who can hear no more: their end is the surest fact.
func (c *check) endedFirst(names []string) []string {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	ended := func(name string) int {
		if c.t.ears[name].ended != "" {
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(names), func(a, b string) int { return ended(a) - ended(b) })
}

// awaitHeard waits until done, which is about what these should hear; patience zero is the usual one, and begins when each
// of them has given a sign of life. It returns the patience that it had.
func (c *check) awaitHeard(names []string, patience time.Duration, done func() bool) (time.Duration, error) {
	if patience == 0 {
		patience = c.usual()
		heard := false // done moves cursors: what it has found once it does not find again
		err := c.t.await(c.ctx, c.toStart(), func() bool { heard = done(); return heard || !c.starting(names) })
		if err != nil || heard {
			return c.toStart(), err
		}
	}
	return patience, c.t.await(c.ctx, patience, done)
}

// starting reports whether one of these is a client that has given no sign of life, or a host to which none has come: it may
// be loading yet. The transcript's lock is held.
func (c *check) starting(names []string) bool {
	for _, a := range c.actors {
		if h, ok := a.(*host); ok && len(h.conns) > 0 {
			return false // somebody has come: they run
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		_, isHost := c.actors[name].(*host)
		p, isProgram := c.actors[name].(*program)
		return isHost || isProgram && p.role == "client" && p.silent()
	})
}

// toEnd is how long to wait for a program's end.
func (c *check) toEnd(name string) time.Duration {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if c.starting([]string{name}) {
		return c.toStart()
	}
	return c.usual()
}

// earsOf returns the ears of names that the caller has checked.
func (c *check) earsOf(names []string) []*ear {
	var ears []*ear
	for _, name := range names {
		ears = append(ears, c.t.ear(name))
	}
	return ears
}

// say has somebody say a text: type a line, send a message or bytes.
func (c *check) say(who, text string) error { return c.actors[who].say(text) }

var stackTrace = regexp.MustCompile(`(?m)^\s*(panic: |goroutine \d+ (?:\w+=\S+ )*\[|thread .* panicked at|Traceback \(most recent call last\)|\s+at .+[:(].+:\d+)|panicked at `)

// noTrace asserts that a program has printed no stack trace.
func (c *check) noTrace(name string) error {
	c.t.mu.Lock()
	var bad *line
	for _, l := range c.t.ears[name].heard {
		if stackTrace.MatchString(l.text) {
			bad = &l
			break
		}
	}
	if bad == nil {
		c.t.mu.Unlock()
		return nil
	}
	defer c.t.mu.Unlock()
	return c.failAt(bad.event, labs.Failure{
		Excerpt:  c.excerpt(bad.event, bad.text, nil), // nobody has said it: by hand there is nothing to type
		Headline: fmt.Sprintf("%s ended with a stack trace: that is for whoever wrote it, not for whoever uses it.", name),
		Expected: "a line that says what went wrong", Heard: bad.text,
		Next: "Handle the error where it is returned: print it on standard error and exit with status 1.",
	}, "")
}
