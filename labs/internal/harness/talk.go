package harness

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"broadcastlab/labs"
)

// maxUnheard is how many messages that not everyone has heard a talk leaves open: the original program's channel holds
// 16 and drops a client that lags behind more.
const maxUnheard = 8

// A talk is many messages from several speakers, and what each listener makes of them: every message once, each
// speaker's in the order in which they were said, and the same order for all listeners.
type talk struct {
	c         *check
	speakers  []string
	listeners []string
	unheard   int                       // so many messages may be open
	addresses map[string]*regexp.Regexp // of the speakers: each message must carry its own speaker's, and no other's; nil where no tag is asked for

	said  []utterance
	heard map[string][]int // for each listener the places in said, as they came
	next  map[string]int   // for each listener the first line not looked at
	apart bool             // two listeners have heard all, and not in the same order
}

type utterance struct {
	speaker, text string
	nonce         string // the last word of the text, found nowhere else
}

func (c *check) newTalk(unheard int, tagged bool, speakers, listeners []string) *talk {
	t := &talk{c: c, speakers: speakers, listeners: listeners, unheard: unheard, heard: map[string][]int{}, next: map[string]int{}}
	if tagged {
		t.addresses = map[string]*regexp.Regexp{}
		for _, s := range speakers {
			t.addresses[s] = regexp.MustCompile(c.getenv(s))
		}
	}
	return t
}

// run has each speaker say n messages, in bursts of unheard, and waits after each burst until all have heard it.
func (t *talk) run(n int) error {
	c := t.c
	c.t.mu.Lock()
	for _, name := range t.listeners {
		t.next[name] = len(c.t.ears[name].heard)
	}
	c.t.mu.Unlock()
	for total := n * len(t.speakers); len(t.said) < total; {
		for range min(t.unheard, total-len(t.said)) {
			if err := t.sayOne(); err != nil {
				return err
			}
		}
		if err := t.listen(); err != nil {
			return err
		}
	}
	for _, speaker := range t.speakers { // what comes twice comes before what is said now
		if err := c.fence(speaker, t.listeners); err != nil {
			return err
		}
	}
	return t.listen()
}

// runApart is run for a talk that is to be heard whole, and in different orders.
func (t *talk) runApart(n int) error {
	switch err := t.run(n); {
	case t.apart:
		return nil
	case err != nil:
		return err
	}
	return t.c.fail(labs.Failure{Headline: "Everyone has heard the same, in the same order.", Expected: "different orders", Heard: "one order"})
}

func (t *talk) sayOne() error {
	u := utterance{speaker: t.speakers[len(t.said)%len(t.speakers)], text: t.c.texts.plain()}
	u.nonce = u.text[strings.LastIndexByte(u.text, ' ')+1:]
	t.said = append(t.said, u)
	return t.c.say(u.speaker, u.text)
}

// listen waits until everyone has heard all that was said so far.
func (t *talk) listen() error {
	c := t.c
	var wrong error
	complete := func() bool {
		wrong = t.take()
		return wrong != nil || !slices.ContainsFunc(t.listeners, func(l string) bool { return t.lacks(l) && c.t.ears[l].ended == "" })
	}
	err := c.t.await(c.ctx, c.usual(), complete)
	switch {
	case wrong != nil:
		return wrong
	case err != nil && err != errPatience:
		return c.gaveUp(err)
	}
	for _, l := range c.endedFirst(t.listeners) {
		if t.lacks(l) {
			return t.incomplete(l)
		}
	}
	return t.sameOrder()
}

func (t *talk) lacks(listener string) bool { return len(t.heard[listener]) < len(t.said) }

// take looks at the lines that have come since. The transcript's lock is held.
func (t *talk) take() error {
	for _, listener := range t.listeners {
		e := t.c.t.ears[listener]
		for ; t.next[listener] < len(e.heard); t.next[listener]++ {
			i := t.next[listener]
			found := t.find(e.heard[i])
			if len(found) == 0 {
				continue
			}
			e.heard[i].taken = true
			e.cursor = i + 1
			if err := t.judge(listener, e.heard[i], found); err != nil {
				return err
			}
		}
	}
	return nil
}

// find returns the messages that a line holds.
func (t *talk) find(l line) []int {
	var found []int
	if l.binary || strings.HasSuffix(l.text, "\n") {
		return nil
	}
	for i, u := range t.said {
		if strings.Contains(l.text, u.nonce) && strings.Contains(l.text, u.text) {
			found = append(found, i)
		}
	}
	return found
}

// judge compares one line with what the listener has heard so far. The transcript's lock is held.
func (t *talk) judge(listener string, l line, found []int) error {
	u := t.said[found[0]]
	if len(found) > 1 {
		return t.fail(listener, found[0], labs.Failure{
			Headline: fmt.Sprintf("%s heard %d messages glued together into one.", listener, len(found)),
			Expected: "one message for each message that was said", Heard: l.text,
			Next:   "A WebSocket message has its own beginning and end: send each text with a call of its own.",
			ByHand: t.c.byHand(pasting),
		})
	}
	if slices.Contains(t.heard[listener], found[0]) {
		return t.fail(listener, found[0], labs.Failure{
			Headline: fmt.Sprintf("%s said %q once, and %s heard it twice.", u.speaker, u.text, listener),
			Expected: "every message once", Heard: fmt.Sprintf("%q for the second time", l.text),
			Next:   "Is a client in your list twice, or is a message sent in two places?",
			ByHand: t.c.byHand(pasting),
		})
	}
	for _, before := range t.heard[listener] {
		if before > found[0] && t.said[before].speaker == u.speaker {
			return t.failOrder([]string{listener}, found[0], before, labs.Failure{
				Headline: fmt.Sprintf("%s said %q before %q; %s heard them the other way round.", u.speaker, u.text, t.said[before].text, listener),
				Expected: "each one's messages in the order in which they were said",
				Heard:    fmt.Sprintf("%q, then %q", t.said[before].text, u.text),
				Next:     "What decides which of two messages is sent first? Two goroutines for two messages keep no order.",
				ByHand:   t.c.byHand(pasting),
			})
		}
	}
	if t.addresses != nil {
		if err := t.tag(listener, l, found[0]); err != nil {
			return err
		}
	}
	t.heard[listener] = append(t.heard[listener], found[0])
	return nil
}

// tag checks who a message says it is from. The transcript's lock is held.
func (t *talk) tag(listener string, l line, i int) error {
	u := t.said[i]
	before, _, _ := strings.Cut(l.text, u.text)
	own := t.addresses[u.speaker].MatchString(before)
	for _, other := range t.speakers {
		if other != u.speaker && t.addresses[other].MatchString(before) {
			return t.fail(listener, i, labs.Failure{
				Headline: fmt.Sprintf("%s said %q. %s heard it with the address of %s.", u.speaker, u.text, listener, other),
				Expected: t.c.addressOf(u.speaker) + " before the text", Heard: l.text,
				Next:   "Whose address does your server take, and when? It must be remembered together with the message.",
				ByHand: t.c.byHand(""), // nobody types at two terminals at once
			})
		}
	}
	if !own {
		return t.fail(listener, i, labs.Failure{
			Headline: fmt.Sprintf("%s said %q. What %s heard does not carry the address of %s.", u.speaker, u.text, listener, u.speaker),
			Expected: t.c.addressOf(u.speaker) + " before the text", Heard: l.text,
			Next: "The tag is the sender's address as the server sees it, with the port.",
		})
	}
	return nil
}

// incomplete tells what a listener has missed.
func (t *talk) incomplete(listener string) error {
	t.c.t.mu.Lock()
	defer t.c.t.mu.Unlock()
	missed := 0
	first := -1
	for i := range t.said {
		if !slices.Contains(t.heard[listener], i) {
			missed++
			if first < 0 {
				first = i
			}
		}
	}
	u := t.said[first]
	f := labs.Failure{
		Headline: fmt.Sprintf("Of %d messages %s heard %d. The first that is missing is %q, from %s.", len(t.said), listener, len(t.heard[listener]), u.text, u.speaker),
		Expected: "every message, once, in order",
		Heard:    t.c.lately(t.c.t.ears[listener], u.text),
		Next:     "Is anything thrown away, joined or overwritten when messages come close together?",
	}
	if len(t.heard[listener]) > 0 {
		f.ByHand = t.c.byHand(pasting)
	}
	return t.fail(listener, first, f)
}

// sameOrder compares what the listeners have heard.
func (t *talk) sameOrder() error {
	t.c.t.mu.Lock()
	defer t.c.t.mu.Unlock()
	first := t.listeners[0]
	for _, other := range t.listeners[1:] {
		for i, n := range t.heard[first] {
			if m := t.heard[other][i]; m != n {
				t.apart = true
				return t.failOrder([]string{first, other}, n, m, labs.Failure{
					Headline: fmt.Sprintf("%s and %s heard two messages in different order, as if they were in two chats.", first, other),
					Expected: fmt.Sprintf("as %s: %q, then %q", first, t.said[n].text, t.said[m].text),
					Heard:    fmt.Sprintf("%s: %q, then %q", other, t.said[m].text, t.said[n].text),
					Next:     "One place must decide the order, and everyone be served in it.",
					ByHand:   t.c.byHand(""),
				})
			}
		}
	}
	return nil
}

// fail points at the moment when the message was said. The transcript's lock is held. What the listener heard of it is wrong;
// where it heard nothing, that is missing.
func (t *talk) fail(listener string, i int, f labs.Failure) error {
	c, u := t.c, t.said[i]
	at := c.saidAt(u.speaker, u.text)
	heard := func(e labs.Event) bool {
		return e.Who == listener && (e.Kind == labs.Received || e.Kind == labs.Printed) && strings.Contains(e.Text, u.text)
	}
	if at >= 0 && slices.ContainsFunc(c.t.events[at:], heard) {
		c.markWrong(heard)
		return c.failAt(at, f, u.text)
	}
	return c.failAt(at, f, u.text, labs.Event{Who: listener, Kind: labs.Received, To: "server", Text: u.text, Missing: true})
}

// failOrder shows two messages being said and heard. The last of the listeners heard the first message too late. The
// transcript's lock is held.
func (t *talk) failOrder(listeners []string, first, second int, f labs.Failure) error {
	late := listeners[len(listeners)-1]
	for n, e := range t.c.t.events {
		for _, u := range []utterance{t.said[first], t.said[second]} {
			heard := slices.Contains(listeners, e.Who) && e.Kind != labs.Sent && e.Kind != labs.Typed && strings.Contains(e.Text, u.text)
			if !heard && (e.Who != u.speaker || e.Text != u.text) {
				continue
			}
			t.c.t.events[n].Wrong = heard && e.Who == late && u == t.said[first]
			f.Excerpt = append(f.Excerpt, t.c.t.events[n])
		}
	}
	return t.c.failAt(-1, f, t.said[first].text)
}
