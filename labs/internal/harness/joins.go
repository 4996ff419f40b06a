package harness

import (
	"regexp"
	"slices"
	"time"
)

// ownEcho is how long joins waits for each one's own text to come back, before it is content with anybody's ear.
const ownEcho = 300 * time.Millisecond

// joins waits until each of the names is in the chat: each says a fresh text, and when its own text comes back, it is in.
// A server that leaves the sender out never sends it back: then it is enough that somebody else has heard it, after a
// while. Who was heard by nobody may have spoken before the others were in, and speaks once more. What nobody hears even then
// was not broadcast at all.
func (c *check) joins(names []string) error {
	g := &greeting{c: c, names: names}
	if err := g.speak(names); err != nil {
		return err
	}
	if err := c.t.await(c.ctx, ownEcho, func() bool { return !slices.ContainsFunc(names, g.unanswered) }); err != errPatience && err != nil {
		return c.gaveUp(err)
	}
	if err := g.speak(g.unheard()); err != nil {
		return err
	}
	var deaf []string
	_, err := c.awaitHeard(names, 0, func() bool {
		deaf = g.deaf()
		return !slices.ContainsFunc(deaf, func(n string) bool { return c.t.ears[n].ended == "" })
	})
	switch {
	case err != nil && err != errPatience:
		return c.gaveUp(err)
	case len(deaf) > 0:
		speaker := c.endedFirst(deaf)[0]
		return c.nobodyHeard(speaker, g.said[speaker])
	}
	g.take()
	return nil
}

// A greeting is what some say when they join, and who has heard it.
type greeting struct {
	c        *check
	names    []string
	said     map[string]string               // the last text of each
	wishes   []wish                          // all texts
	searches map[string]map[string][]*search // for each speaker and listener, one for each text
}

// speak has each of the speakers say a fresh text.
func (g *greeting) speak(speakers []string) error {
	if g.said == nil {
		g.said, g.searches = map[string]string{}, map[string]map[string][]*search{}
	}
	for _, speaker := range speakers {
		text := g.c.texts.plain()
		w, err := newWish(false, []string{regexp.QuoteMeta(text)})
		if err != nil {
			return err
		}
		g.c.t.mu.Lock()
		g.said[speaker] = text
		g.wishes = append(g.wishes, w)
		if g.searches[speaker] == nil {
			g.searches[speaker] = map[string][]*search{}
		}
		for _, listener := range g.names {
			g.searches[speaker][listener] = append(g.searches[speaker][listener], &search{ear: g.c.t.ears[listener], fits: w.fits})
		}
		g.c.t.mu.Unlock()
		if err := g.c.say(speaker, text); err != nil {
			return err
		}
	}
	return nil
}

// heard reports whether the listener has heard any text of the speaker's. The transcript's lock is held, as in those below.
func (g *greeting) heard(listener, speaker string) bool {
	return slices.ContainsFunc(g.searches[speaker][listener], (*search).some)
}

// unanswered reports whether somebody may still hear its own text.
func (g *greeting) unanswered(name string) bool {
	return !g.heard(name, name) && g.c.t.ears[name].ended == ""
}

// deaf are those whose texts nobody has heard.
func (g *greeting) deaf() []string {
	var deaf []string
	for _, speaker := range g.names {
		if !slices.ContainsFunc(g.names, func(l string) bool { return g.heard(l, speaker) }) {
			deaf = append(deaf, speaker)
		}
	}
	return deaf
}

// unheard is deaf for callers that hold no lock, without those who can hear no more.
func (g *greeting) unheard() []string {
	g.c.t.mu.Lock()
	defer g.c.t.mu.Unlock()
	return slices.DeleteFunc(g.deaf(), func(n string) bool { return g.c.t.ears[n].ended != "" })
}

// take moves everybody's cursor behind the greetings.
func (g *greeting) take() {
	g.c.t.mu.Lock()
	defer g.c.t.mu.Unlock()
	for _, name := range g.names {
		g.c.t.ears[name].takeAll(func(l line) bool {
			return slices.ContainsFunc(g.wishes, func(w wish) bool { return w.fits(l) })
		})
	}
}
