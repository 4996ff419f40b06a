package harness

import (
	"slices"
	"strings"
	"sync"
	"time"

	"broadcastlab/labs"
)

// Limits of what is kept. A judged program may print and send without end; the kit must not grow with it.
const (
	maxEvents    = 20_000
	maxSpoken    = 19_000   // events of what was printed and received: the rest is for how it ended
	maxText      = 16 << 20 // bytes of their texts; a verdict must fit into what a pod may write
	maxEventText = 4 << 10  // bytes of one event's text that the transcript keeps; what was heard is kept whole
	maxHeard     = 100_000  // lines of one program, or frames of one connection
)

// A transcript is everything that happened in one check, in one order, and the ears that listen to it: one for each
// program and each of the kit's own peers. All of it is guarded by one lock, so that a wait sees one moment.
type transcript struct {
	mu      sync.Mutex
	began   time.Time
	events  []labs.Event
	size    int           // bytes of their texts
	dropped int           // events beyond the limits
	changed chan struct{} // closed and replaced at every change
	ears    map[string]*ear
	order   []string // names of the ears, as they came
	pour    *pour    // the last one; nil where nothing was poured

	queue  queue         // tells how long the programs stood in line for a processor; nil where nobody asks
	asked  time.Time     // when it was asked last
	inLine time.Duration // all that it has told of the programs
	lost   time.Duration // and of them and us together
}

// A queue is a pod.Queue.
type queue interface {
	Waited() (below, all time.Duration)
}

func newTranscript() *transcript {
	return &transcript{began: time.Now(), changed: make(chan struct{}), ears: map[string]*ear{}}
}

// note adds an event and wakes all who wait. The caller holds no lock.
func (t *transcript) note(e labs.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.add(e)
}

// add is note for callers that hold the lock. It returns the event's place.
func (t *transcript) add(e labs.Event) int {
	if e.At == 0 {
		e.At = time.Since(t.began)
	}
	e.Text = shorten(e.Text, maxEventText)
	if t.takes(e.Kind) {
		t.events = append(t.events, e)
		t.size += len(e.Text)
	} else {
		t.dropped++
	}
	t.wake()
	return len(t.events) - 1
}

// takes reports whether there is room for one more event of that kind.
func (t *transcript) takes(kind labs.EventKind) bool {
	switch kind {
	case labs.Printed, labs.Complain, labs.Received:
		return len(t.events) < maxSpoken && t.size < maxText
	}
	return len(t.events) < maxEvents
}

func (t *transcript) wake() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// ear returns the ear of that name, made on first use.
func (t *transcript) ear(name string) *ear {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ears[name] == nil {
		t.ears[name] = &ear{name: name}
		t.order = append(t.order, name)
	}
	return t.ears[name]
}

// An ear is what one program printed, or what one peer received: lines in order, and how far the script has listened.
type ear struct {
	name   string
	heard  []line
	cursor int    // lines before it have been listened to
	ended  string // why nothing more will come, in words; empty while more may come

	rest      [2]string // the unended last line of standard output and standard error
	restSince [2]time.Time
	restTaken [2]bool // a hears line has matched it already, unended as it is
}

// A line is one printed line, or one message.
type line struct {
	text   string
	event  int    // its place in the transcript
	binary bool   // a binary message: it is no text, whatever it holds
	from   string // for a host: the address of the client that sent it
	taken  bool   // a hears line has waited for it
}

// settled is how long an unended line must have stood still before it counts as a line: programs may print a last
// line without a newline, but a line must not be read while it is still being written.
const settled = 200 * time.Millisecond

// A search is one wait for a line that fits. However often it is asked, it looks at each line once: who floods must not
// make every wait a walk through all that was said.
type search struct {
	*ear
	fits   func(line) bool
	looked int // lines before it have been looked at
}

// some reports whether a line fits, and takes none. The transcript's lock is held.
func (s *search) some() bool {
	for ; s.looked < len(s.heard); s.looked++ {
		if s.fits(s.heard[s.looked]) {
			return true // and the next time again
		}
	}
	for _, l := range s.standing() {
		if s.fits(l) {
			return true
		}
	}
	return false
}

// next finds the first line after the cursor that fits, moves the cursor behind it and takes it. The transcript's lock is held.
func (s *search) next() (line, bool) {
	e := s.ear
	for s.looked = max(s.looked, e.cursor); s.looked < len(e.heard); s.looked++ {
		if l := &e.heard[s.looked]; !l.taken && s.fits(*l) {
			l.taken = true
			e.cursor = s.looked + 1
			return *l, true
		}
	}
	for i, l := range e.standing() {
		if !e.restTaken[i] && s.fits(l) {
			e.restTaken[i] = true
			return l, true
		}
	}
	return line{}, false
}

// standing are the unended lines that have stood still long enough, by stream. The transcript's lock is held.
func (e *ear) standing() map[int]line {
	lines := map[int]line{}
	for i, text := range e.rest {
		if text != "" && time.Since(e.restSince[i]) > settled {
			lines[i] = line{text: text, event: -1}
		}
	}
	return lines
}

// begins reports whether a line is the first that is not blank. The transcript's lock is held.
func (e *ear) begins(l line) bool {
	first := slices.IndexFunc(e.heard, func(l line) bool { return strings.TrimSpace(l.text) != "" })
	return first < 0 || e.heard[first].event == l.event
}

// takeAll takes every line that fits and moves the cursor behind the last of them. The transcript's lock is held.
func (e *ear) takeAll(fits func(line) bool) {
	for i, l := range e.heard {
		if fits(l) {
			e.heard[i].taken = true
			e.cursor = max(e.cursor, i+1)
		}
	}
	for i, l := range e.standing() {
		e.restTaken[i] = e.restTaken[i] || fits(l)
	}
}

// passedOver returns the lines before the cursor that no hears line has waited for. The transcript's lock is held.
func (e *ear) passedOver() []line {
	var lines []line
	for _, l := range e.heard[:e.cursor] {
		if !l.taken {
			lines = append(lines, l)
		}
	}
	return lines
}

// after returns the lines that came after the event at that place. The transcript's lock is held.
func (e *ear) after(event int) []line {
	for i, l := range e.heard {
		if l.event > event {
			return e.heard[i:]
		}
	}
	return nil
}
