package harness

import (
	"flag"
	"fmt"

	"broadcastlab/labs"
)

// runTold waits until a peer that had stopped reading knows where it stands: it has heard the whole pour, or that it has missed some of
// it, or a Close that says why it was dropped.
func runTold(c *check, neg bool, args []string) error {
	within := c.usual()
	p, _, err := about[*peer](c, "peer", args, func(f *flag.FlagSet) { c.within(f, &within) }, 1)
	if err != nil {
		return err
	}
	if c.t.pour == nil {
		return usageError("nothing was poured")
	}
	for before := -1; ; { // as long as something comes, it may take its time
		var now int
		err := c.t.await(c.ctx, within, func() bool {
			h := c.t.pour.of(p.name)
			now = h.next
			return p.gone || h.missed > 0 || h.next == c.t.pour.messages || now != before
		})
		if err != nil && err != errPatience {
			return c.gaveUp(err)
		}
		c.t.mu.Lock()
		h := *c.t.pour.of(p.name)
		over := err == errPatience || p.gone || h.missed > 0 || h.next == c.t.pour.messages
		c.t.mu.Unlock()
		if over {
			err := c.knows(p, h)
			if neg && err == nil {
				return c.fail(labs.Failure{Headline: p.name + " knows where it stands.", Expected: "it does not", Heard: "it does"})
			}
			if neg {
				return nil
			}
			return err
		}
		before = now
	}
}

// knows judges what a peer knows of what it has missed.
func (c *check) knows(p *peer, h poured) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	const policy, later = 1008, 1013
	all := c.t.pour.messages
	f := labs.Failure{
		Expected: "a message that says that some are missing, or Close 1008 or 1013",
		Next:     "Whoever is left behind must be able to know it: say how many messages are missing, or say Close with a code and a reason.",
	}
	switch {
	case h.next == all && h.missed == 0, h.missed > 0 && h.told, p.code == policy, p.code == later:
		return nil
	case h.missed > 0:
		f.Headline = fmt.Sprintf("%s did not read for a while. %s are missing then, and nothing says so.", p.name, plural(h.missed, "message"))
		f.Heard = fmt.Sprintf("message %d of %d, and after the gap message %d", h.next-h.missed-1, all, h.next)
	case p.gone:
		f.Headline = fmt.Sprintf("%s did not read for a while. The server %s, %d of %d messages in.", p.name, p.left, h.next, all)
		f.Heard = "the server " + p.left
	case len(p.ear.heard) > h.others: // something else came last
		return nil
	default:
		f.Headline = fmt.Sprintf("%s did not read for a while. It has heard %d of %d messages, and nothing more comes.", p.name, h.next, all)
		f.Heard = c.lately(p.ear, "")
	}
	return c.failAt(-1, f, "", labs.Event{Who: p.name, Kind: labs.Received, To: "server", Text: "(… messages missed), or Close 1008", Missing: true})
}
