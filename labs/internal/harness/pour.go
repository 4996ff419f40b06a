package harness

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

// pourSize is how long each message of a pour is, in bytes: long enough to fill buffers soon, and below what libraries take by default.
const pourSize = 30_000

// How much slower than the pour before it one with -pace may be. It is no measure of speed, and says only whether somebody waits: both
// are poured in one run, and a wait for who does not read takes longer than that.
const (
	paceFactor = 15              // for each message
	paceLeast  = 5 * time.Second // in all, before anything is said of it
)

// A pour is a flood of numbered messages. What is heard of it is counted, and not kept. It is guarded by the transcript's lock.
type pour struct {
	nonce    string
	messages int
	to       map[string]*poured // by name; whoever has heard some of it
	wrong    error              // of those who keep up: the first thing that was not right
	c        *check
	keepUp   []string
	each     time.Duration // how long one message took to those who keep up, without the time that the programs or we stood in line
	pace     time.Duration // what it may take, many times over; 0: whatever it takes
}

// poured is what one has heard of a pour.
type poured struct {
	next   int // the message that comes next
	missed int // messages that were left out
	told   bool
	others int // other messages heard up to the last of these
}

// text is message i: its number, and a filler up to its end.
func (p *pour) text(i int) string {
	text := fmt.Sprintf("%s %06d ", p.nonce, i)
	return text + strings.Repeat("pour ", (pourSize-2*len(text))/5) + p.nonce
}

// take notes that a connection has heard a message, if it is one of the pour.
func (p *pour) take(k *conn, text string) bool {
	start := text[:min(len(text), 300)]
	at := strings.Index(start, p.nonce+" ")
	if at < 0 || len(start) < at+len(p.nonce)+7 {
		return false
	}
	number, err := strconv.Atoi(start[at+len(p.nonce)+1 : at+len(p.nonce)+7])
	if err != nil {
		return false
	}
	h := p.of(k.name)
	whole := strings.Contains(text[max(0, len(text)-300):], "pour "+p.nonce) && len(text) > pourSize*9/10
	switch {
	case !whole:
		p.fault(k.name, fmt.Sprintf("%s heard message %d of the pour cut short: %d bytes of %d.", k.name, number+1, len(text), pourSize))
	case number < h.next:
		p.fault(k.name, fmt.Sprintf("%s heard message %d of the pour again, or after a later one.", k.name, number+1))
	case number > h.next:
		h.missed += number - h.next
		h.told = len(k.ear.heard) > h.others
		p.fault(k.name, fmt.Sprintf("%s, who keeps up, has missed %s of the pour: after %d came %d.", k.name, plural(number-h.next, "message"), h.next, number+1))
	}
	h.next, h.others = number+1, len(k.ear.heard)
	k.received -= len(text)
	p.c.t.wake()
	return true
}

func (p *pour) of(name string) *poured {
	if p.to[name] == nil {
		p.to[name] = &poured{}
	}
	return p.to[name]
}

// fault notes what is wrong with what somebody heard who keeps up.
func (p *pour) fault(name, headline string) {
	if p.wrong == nil && slices.Contains(p.keepUp, name) {
		p.wrong = p.c.failAt(-1, labs.Failure{Headline: headline, Expected: "every message of the pour, once, in order", Heard: "not that",
			Next: "Who does not read must not cost those anything who do: what is thrown away, and for whom?"}, "",
			labs.Event{Who: name, Kind: labs.Received, To: "server", Text: "every message of the pour", Missing: true})
	}
}

func runPour(c *check, neg bool, args []string) error {
	size, pace := int64(64<<20), false
	rest, err := options(args, func(f *flag.FlagSet) {
		f.BoolVar(&pace, "pace", false, "")
		f.Func("n", "", func(text string) (err error) { size, err = amount(text); return err })
	}, 3, -1)
	if err != nil {
		return err
	}
	speakers, listeners, err := c.sides(rest)
	if err != nil {
		return err
	}
	speaker, ok := c.actors[speakers[0]].(*peer)
	if !ok || len(speakers) != 1 {
		return usageError("one speaker, and that a peer")
	}
	for _, l := range listeners {
		if _, err := aTypeOf[*peer](c, l, "peer"); err != nil {
			return err
		}
	}
	before := c.t.pour
	if pace && before == nil {
		return usageError("-pace compares with a pour before this one")
	}
	p := &pour{c: c, nonce: "Pour" + c.texts.nonce(), messages: int(size / pourSize), to: map[string]*poured{}, keepUp: listeners}
	c.t.mu.Lock()
	c.t.pour = p
	c.t.add(labs.Event{Who: speaker.name, Kind: labs.Sent, To: "server", Text: fmt.Sprintf("%s … (%s in %d messages)", p.nonce, mebibytes(size), p.messages)})
	c.t.mu.Unlock()
	if pace {
		p.pace = before.each
	}
	return c.pour(p, speaker, neg)
}

// slow tells that those who keep up are kept waiting: each message takes so long, where it took pace before.
func (c *check) slow(p *pour) error {
	return c.fail(labs.Failure{
		Headline: fmt.Sprintf("%s heard every message, but slowly: %v for each of them; before, it was %v.", list(p.keepUp), p.each.Round(time.Microsecond), p.pace.Round(time.Microsecond)),
		Expected: "the pace that they had before", Heard: fmt.Sprintf("%d times as long for each message", p.each/max(1, p.pace)),
		Next: "Does whoever sends wait for the one who does not read, if only for a moment each time?",
	})
}

// pour has the speaker say it all, in bursts of maxUnheard, and waits after each of them until those who keep up have heard it. With
// stuck, they are to hear no more at some point, though all are connected.
func (c *check) pour(p *pour, speaker *peer, stuck bool) error {
	_, before := c.t.askQueue()
	began := time.Now()
	for said := 0; said < p.messages; {
		for range min(maxUnheard, p.messages-said) {
			speaker.send(wire.Frame{Fin: true, Opcode: wire.Text, Payload: []byte(p.text(said))}) // a server that is gone is told below
			said++
		}
		var behind []string
		err := c.t.await(c.ctx, c.usual(), func() bool {
			behind = slices.DeleteFunc(slices.Clone(p.keepUp), func(l string) bool { return p.of(l).next >= said })
			return p.wrong != nil || !slices.ContainsFunc(behind, func(l string) bool { return c.t.ears[l].ended == "" })
		})
		switch {
		case p.wrong != nil:
			return p.wrong
		case err != nil && err != errPatience:
			return c.gaveUp(err)
		case stuck && err == errPatience:
			return nil
		case len(behind) > 0:
			return c.pourStuck(p, c.endedFirst(behind)[0], said)
		}
		_, lost := c.t.askQueue()
		took := time.Since(began) - (lost - before)
		p.each = took / time.Duration(said)
		if p.pace > 0 && took > paceLeast && p.each > paceFactor*p.pace {
			return c.slow(p)
		}
	}
	if stuck {
		return c.fail(labs.Failure{Headline: "The whole pour was heard.", Expected: "it gets stuck", Heard: "every message"})
	}
	return nil
}

// pourStuck tells that somebody who keeps up hears no more.
func (c *check) pourStuck(p *pour, listener string, said int) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	heard := p.of(listener).next
	f := labs.Failure{
		Headline: fmt.Sprintf("Of %d long messages %s has heard %d, and then nothing for %v.", said, listener, heard, c.usual()),
		Expected: "who reads hears everything, at once, whoever else does not read", Heard: c.lately(c.t.ears[listener], ""),
		Next: "Who waits for whom? A write to a client that does not read waits until its buffers have room, and so does everybody who waits for that write.",
	}
	if ended := c.t.ears[listener].ended; ended != "" {
		f.Headline = fmt.Sprintf("Of %d long messages %s has heard %d, and then %s.", said, listener, heard, ended)
	}
	return c.failAt(-1, f, "", labs.Event{Who: listener, Kind: labs.Received, To: "server", Text: fmt.Sprintf("message %d of the pour", heard+1), Missing: true})
}

// abridge keeps of a printed message of the pour how it begins: a server may log what is said.
func (t *transcript) abridge(text string) (short string, poured bool) {
	const enough = 200
	if t.pour == nil || len(text) <= enough || !strings.Contains(text[:min(len(text), 400)], t.pour.nonce) {
		return text, false
	}
	return shorten(text, enough), true
}
