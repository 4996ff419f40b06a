package harness

import (
	"flag"
	"fmt"
	"time"

	"broadcastlab/labs"
)

// This file is about peers of which nothing is heard: they are pinged, or their network is gone.

// runPinged waits until a peer has received one more ping than the script has waited for.
func runPinged(c *check, neg bool, args []string) error {
	within, every := c.usual(), time.Duration(0)
	p, _, err := about[*peer](c, "peer", args, func(f *flag.FlagSet) {
		c.within(f, &within)
		f.DurationVar(&every, "every", 0, "")
	}, 1)
	if err != nil {
		return err
	}
	if every > 0 {
		within = every * 5 / 2
	}
	err = c.t.await(c.ctx, within, func() bool { return p.pings > p.pinged || p.gone })
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	switch {
	case neg && err == errPatience:
		return nil
	case neg && (p.gone || p.pings > p.pinged):
		return c.failAt(-1, labs.Failure{Headline: p.name + " was pinged, or its connection has ended.", Expected: "no ping", Heard: c.lately(p.ear, "")}, "")
	case p.pings > p.pinged:
		p.pinged++
		if age := time.Since(p.since); age < time.Duration(p.pinged-1)*every*3/4 {
			return c.failAt(-1, labs.Failure{
				Headline: fmt.Sprintf("%s was pinged %s within %v; -ping says every %v.", p.name, plural(p.pinged, "time"), age.Round(time.Millisecond), every),
				Expected: "one ping in each interval", Heard: plural(p.pinged, "ping"),
				Next: "A ping for each client at each tick of the clock, and the clock ticks as -ping says.",
			}, "")
		}
		return nil
	case err != nil && err != errPatience:
		return c.gaveUp(err)
	}
	f := labs.Failure{
		Headline: fmt.Sprintf("%s says nothing, and is not pinged: %s so far, and then none for %v.", p.name, plural(p.pings, "ping"), within),
		Expected: "a ping in each interval", Heard: c.lately(p.ear, ""),
		Next: "Each client needs a clock: when it ticks, and nothing has come, write a ping frame (RFC 6455, section 5.5.2).",
	}
	if p.gone {
		f.Headline = fmt.Sprintf("%s answers each ping, and the server %s after %s.", p.name, p.left, plural(p.pings, "ping"))
		f.Expected = "who answers stays"
		f.Next = "A pong is a sign of life, as every other frame: whatever comes moves the deadline."
	}
	return c.failAt(-1, f, "", labs.Event{Who: p.name, Kind: labs.Received, To: "server", Text: "ping", Missing: true})
}

// runMute lets a peer's network go silent: from now on nothing leaves it, neither a pong nor, where the kernel can be told, the least
// acknowledgement.
func runMute(c *check, _ bool, args []string) error {
	return c.onPeer(args, func(p *peer) {
		deafen(p.net)
		c.t.mu.Lock()
		defer c.t.mu.Unlock()
		p.mute = true
		c.t.add(labs.Event{Who: p.name, Kind: labs.Note, Text: "its network goes silent"})
	})
}
