package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/report"
	"broadcastlab/labs/internal/watch"
)

// A session is lab watch under way. Its loop is the only one that touches it.
type session struct {
	judging
	files   *watch.Watcher
	view    view
	lab     int           // place in the catalogue of the lab that saves are judged in
	attempt *attempt      // the latest; nil before the first
	updates <-chan update // of the attempt under way; nil where none is
	last    *report.Run   // the latest result; nil before the first
	place   string        // where the last attempt failed
	same    int           // how many attempts in a row have failed there

	hint func(w io.Writer, v labs.Verdict) error // prints the next hint; nil: there are none
}

// A view shows a session to a person.
type view interface {
	begin(s *session)              // an attempt has begun
	progress(s *session, u update) // it has found something out; the session's attempt knows it already
	end(s *session, text string)   // it is over; text is what there is to say of it
	say(text string)               // the answer to a key
	style() report.Style           // how such an answer is laid out
}

// loop judges until a key or ctx ends it. When it returns, nothing runs any more.
func (s *session) loop(ctx context.Context, keys <-chan byte) error {
	defer func() { s.attempt.stop() }()
	s.judge(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case changes := <-s.files.Changes:
			if s.saved(changes) {
				s.judge(ctx)
			}
		case key, ok := <-keys:
			if !ok || !s.press(ctx, key) {
				return nil
			}
		case u, ok := <-s.updates:
			s.update(u, ok)
		}
	}
}

func (s *session) current() labs.Lab { return labs.In(s.lang)[s.lab] }

// judge starts the current lab, after whatever ran before.
func (s *session) judge(ctx context.Context) {
	lab := s.current()
	s.begin(ctx, fmt.Sprintf("Lab %d  %s", lab.Number, lab.Title), []labs.Lab{lab}, 2)
}

func (s *session) begin(ctx context.Context, title string, wanted []labs.Lab, stages int) {
	if s.attempt != nil {
		s.attempt.stop()
	}
	s.attempt = s.start(ctx, title, wanted, stages)
	s.updates = s.attempt.updates
	s.view.begin(s)
}

func (s *session) update(u update, ok bool) {
	a := s.attempt
	if ok {
		a.note(u)
		s.view.progress(s, u)
		return
	}
	a.ended, s.updates, s.last = time.Now(), nil, a.result
	a.cancel()
	s.view.end(s, a.ended.Format(time.TimeOnly)+"  "+s.conclusion())
}

// saved reports whether some change was a person's. Builds write files, and so do programs while they are judged: what
// was written meanwhile and is no program text was written by those.
func (s *session) saved(changes []watch.Change) bool {
	const late = time.Second // a removal has no time but that when it was seen
	return slices.ContainsFunc(changes, func(c watch.Change) bool {
		if watch.IsSource(c.Name) || c.Name == "." {
			return true
		}
		end := s.attempt.ended
		if c.Gone {
			end = end.Add(late)
		}
		return c.At.Before(s.attempt.began) || !s.attempt.ended.IsZero() && c.At.After(end)
	})
}

// conclusion says what the attempt comes to, and what to do next.
func (s *session) conclusion() string {
	if s.last == nil {
		return fmt.Sprintf("Nothing could be judged. The next save tries again.\n%s\n", report.Visible(fmt.Sprint(s.attempt.err)))
	}
	lab, found := s.current(), s.last.Labs[0]
	if len(s.last.Labs) > 1 {
		return fmt.Sprintf("A save judges lab %d again.\n", lab.Number)
	}
	if found.Outcome() == labs.Pass {
		s.place, s.same = "", 0
		if s.lab == len(labs.All())-1 {
			return fmt.Sprintf("Lab %d passes, and it is the last one: a judges all labs.\n", lab.Number)
		}
		return fmt.Sprintf("Lab %d passes. n goes on to lab %d, when you are ready.\n", lab.Number, labs.All()[s.lab+1].Number)
	}
	text := fmt.Sprintf("Lab %d does not pass yet. The next save judges it again.\n", lab.Number)
	if s.stuck(found) {
		text += "Three times at the same place. h shows a hint.\n"
	}
	return text
}

// stuck counts failures at the same place, and reports the third in a row.
func (s *session) stuck(lab report.Lab) bool {
	place := ""
	if v := firstFailure(lab.Verdicts); v != nil {
		place = fmt.Sprintf("%s:%d", v.Check.ID(), v.Line)
	}
	if place == "" || place != s.place {
		s.place, s.same = place, 0
	}
	s.same++
	return place != "" && s.same == 3
}

// firstFailure is the failure that a report tells in full, if there is one.
func firstFailure(verdicts []labs.Verdict) *labs.Verdict {
	for _, kind := range []labs.Kind{labs.Required, labs.Stretch} {
		for i, v := range verdicts {
			if v.Outcome == labs.Fail && v.Check.Kind == kind {
				return &verdicts[i]
			}
		}
	}
	return nil
}
