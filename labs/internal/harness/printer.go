package harness

import (
	"bytes"
	"fmt"
	"time"

	"broadcastlab/labs"
)

// A printer takes what a program prints on one stream and cuts it into lines.
type printer struct {
	p      *program
	kind   labs.EventKind
	stream int
	buf    []byte // the unended line so far, at most maxLine
	lost   int    // bytes of it beyond maxLine
}

// Write never fails and never waits: a program must not be held up by the one who watches it.
func (w *printer) Write(b []byte) (int, error) {
	t, n := w.p.t, len(b)
	t.mu.Lock()
	defer t.mu.Unlock()
	w.p.printed += n
	if w.p.excess != "" {
		return n, nil
	}
	for {
		text, rest, found := bytes.Cut(b, []byte("\n"))
		room := min(len(text), maxLine-len(w.buf))
		w.buf = append(w.buf, text[:room]...)
		w.lost += len(text) - room
		if !found {
			break
		}
		w.line()
		b = rest
	}
	w.p.ear.rest[w.stream] = clean(string(w.buf[:min(len(w.buf), maxEventText)]))
	w.p.ear.restSince[w.stream] = time.Now()
	switch {
	case w.p.printed > maxOutput:
		w.p.stop(fmt.Sprintf("had printed more than %d MiB", maxOutput>>20))
	case w.p.lines > maxHeard:
		w.p.stop(fmt.Sprintf("had printed more than %d lines", maxHeard))
	}
	return n, nil
}

// line ends the current line. The transcript's lock is held.
func (w *printer) line() {
	text := clean(string(w.buf))
	text, poured := w.p.t.abridge(text)
	if poured {
		w.p.printed -= len(w.buf) + w.lost
	}
	if w.lost > 0 {
		text += fmt.Sprintf(" … (%d more bytes cut)", w.lost)
	}
	w.buf, w.lost = w.buf[:0], 0
	w.p.lines++
	e := w.p.ear
	e.rest[w.stream] = ""
	event := w.p.t.add(labs.Event{Who: w.p.name, Kind: w.kind, Text: text})
	e.heard = append(e.heard, line{text: text, event: event, taken: e.restTaken[w.stream]})
	e.restTaken[w.stream] = false
}

// end makes a line of what stands there without a newline when the program is gone.
func (w *printer) end() {
	w.p.t.mu.Lock()
	defer w.p.t.mu.Unlock()
	if len(w.buf) > 0 {
		w.line()
	}
}
