package harness

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/wire"
)

// This file asserts on what crossed the wire, and merges it into the transcript.

func usesWire(script string) bool { return wireCommand.MatchString(script) }

func runWire(c *check, _ bool, args []string) error {
	within := time.Duration(0)
	rest, err := options(args, func(f *flag.FlagSet) { f.DurationVar(&within, "within", 0, "") }, 2, 3)
	if err != nil {
		return err
	}
	if within > 0 && rest[0] != "syn" {
		return usageError("-within is for syn")
	}
	if c.wire == nil {
		return usageError("nothing is captured here: guard the line with [wire]")
	}
	var addr netip.AddrPort // zero: any
	if rest[1] != "any" {
		if addr, err = netip.ParseAddrPort(rest[1]); err != nil {
			return usageError("%q: want IP:PORT or any", rest[1])
		}
	}
	if (rest[0] == "only" || rest[0] == "elsewhere") && !addr.IsValid() {
		return usageError("%s takes an address", rest[0])
	}
	least, most := 1, math.MaxInt
	if len(rest) == 3 {
		if least, most, err = between(rest[2]); err != nil {
			return err
		}
	}
	switch rest[0] {
	case "rst":
		err = c.awaitWire(func(events []wire.Event) bool { return countEvents(events, addr, refused) >= least })
	case "elsewhere":
		err = c.awaitWire(func(events []wire.Event) bool { return stray(events, addr) != nil })
	default:
		err = c.syncWire()
	}
	if err != nil {
		return err
	}
	switch rest[0] {
	case "syn":
		return c.attempts(addr, least, most, within)
	case "rst":
		return c.refusals(addr, least)
	case "only":
		return c.onlyTo(addr)
	case "elsewhere":
		return c.elsewhere(addr)
	case "masked", "unmasked":
		return c.maskedOnWire(addr, rest[0] == "unmasked")
	}
	return usageError("%q: want syn, rst, only, elsewhere, masked or unmasked", rest[0])
}

// syncWire waits until the capture has all that has crossed so far.
func (c *check) syncWire() error {
	ctx, cancel := context.WithTimeout(c.ctx, tooBusy*Patience)
	defer cancel()
	if err := c.wire.Sync(ctx); err != nil {
		return machineError("capture on loopback: %v", err)
	}
	if n := c.wire.Lost(); n > 0 {
		return machineError("the machine was too busy to see the wire: %d packets were lost", n)
	}
	return nil
}

// awaitWire waits until what was captured is enough, or patience is out.
func (c *check) awaitWire(enough func([]wire.Event) bool) error {
	// The capture wakes its own waiters, the transcript's clock ends the wait.
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	seen := make(chan struct{})
	go func() {
		defer close(seen)
		c.wire.Wait(ctx, enough)
	}()
	err := c.t.await(ctx, c.usual(), func() bool {
		select {
		case <-seen:
			return true
		default:
			return false
		}
	})
	cancel()
	<-seen
	if err != nil && err != errPatience {
		return c.gaveUp(err)
	}
	return nil
}

func refused(e wire.Event) bool { return e.Kind == wire.RST && e.Refused }
func attempt(e wire.Event) bool { return e.Kind == wire.SYN }

// those are the events of one kind with a server, or with any if addr is zero.
func those(events []wire.Event, addr netip.AddrPort, is func(wire.Event) bool) []wire.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e wire.Event) bool { return !is(e) || addr.IsValid() && e.Server != addr })
}

func countEvents(events []wire.Event, addr netip.AddrPort, is func(wire.Event) bool) int {
	return len(those(events, addr, is))
}

// attempts wants so many, and if within is not zero, no more than that between the first and the last of them, as the kernel's own clock
// has it: a busy machine makes that time longer, never shorter.
func (c *check) attempts(addr netip.AddrPort, least, most int, within time.Duration) error {
	events, to := those(c.wire.Events(), addr, attempt), where(addr)
	n, took := len(events), time.Duration(0)
	if n > 0 {
		took = events[n-1].At.Sub(events[0].At)
	}
	c.setenv("TRIES", strconv.Itoa(n))
	switch right := n >= least && n <= most; {
	case right && (within == 0 || took <= within):
		return nil
	case right:
		return c.failOnWire(labs.Failure{
			Headline: fmt.Sprintf("The wire shows %s to %s, and %v between the first and the last; at most %v would be right.", plural(n, "connection attempt"), to, took.Round(time.Millisecond), within),
			Expected: fmt.Sprintf("all SYN to %s within %v", to, within), Heard: c.dialled(),
		})
	}
	return c.failOnWire(labs.Failure{
		Headline: fmt.Sprintf("The wire shows %s to %s; %s would be right.", plural(n, "connection attempt"), to, countRange(least, most)),
		Expected: countRange(least, most) + " SYN to " + to, Heard: c.dialled(),
		Next: "A connection attempt begins with a SYN: each dial sends one.",
	}, labs.Event{Who: "client", Kind: labs.Packet, To: to, Text: "SYN", Missing: n < least})
}

func (c *check) refusals(addr netip.AddrPort, least int) error {
	if n := countEvents(c.wire.Events(), addr, refused); n < least {
		return c.failOnWire(labs.Failure{
			Headline: fmt.Sprintf("No connection attempt to %s was refused.", where(addr)),
			Expected: "a SYN to " + where(addr) + ", answered by RST", Heard: c.dialled(),
			Next: "Which address does the client really dial? It is told with -url.",
		}, labs.Event{Who: "client", Kind: labs.Packet, To: where(addr), Text: "SYN", Missing: true})
	}
	return nil
}

// where is an address in words.
func where(addr netip.AddrPort) string {
	if !addr.IsValid() {
		return "any address"
	}
	return addr.String()
}

func (c *check) onlyTo(addr netip.AddrPort) error {
	if e := stray(c.wire.Events(), addr); e != nil {
		return c.strayed(addr, *e)
	}
	return nil
}

// strayed tells that the client went to another address than the one it was told, from its first packet on.
func (c *check) strayed(addr netip.AddrPort, e wire.Event) error {
	c.takeWire()
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if at := slices.Index(c.t.events, c.inTranscript(e)); at >= 0 {
		c.t.events[at].Wrong = true
	}
	first := slices.IndexFunc(c.t.events, func(e labs.Event) bool { return e.Kind == labs.Packet })
	return c.failAt(first, labs.Failure{
		Headline: fmt.Sprintf("The client was told %s, and tried to connect to %s.", addr, e.Server),
		Expected: "SYN to " + addr.String() + " and to no other address", Heard: c.dialled(),
		Next: "Go where you are told, or say why you cannot. Another address is another server.",
	}, "")
}

// stray returns the first attempt to connect to any other address, nil where there is none.
func stray(events []wire.Event, addr netip.AddrPort) *wire.Event {
	for _, e := range events {
		if attempt(e) && e.Server != addr {
			return &e
		}
	}
	return nil
}

// elsewhere wants another address to have been dialled, and this one not at all.
func (c *check) elsewhere(addr netip.AddrPort) error {
	e := c.instead(addr)
	if e == nil {
		return c.failOnWire(labs.Failure{
			Headline: fmt.Sprintf("The client has not gone elsewhere than %s.", addr),
			Expected: "SYN to another address, and none to " + addr.String(), Heard: c.dialled(),
		})
	}
	c.setenv("DIALLED", e.Server.String())
	return nil
}

// instead returns the first attempt to connect to another address where there is none to this one, else nil.
func (c *check) instead(addr netip.AddrPort) *wire.Event {
	events := c.wire.Events()
	if countEvents(events, addr, attempt) > 0 {
		return nil
	}
	return stray(events, addr)
}

// lost tells that somebody, a judged client, cannot be heard since it went elsewhere; nil where it did not, or nobody has seen it.
func (c *check) lost(name string) error {
	p, ok := c.actors[name].(*program)
	if !ok || p.role != "client" || c.wire == nil || c.syncWire() != nil {
		return nil
	}
	addr, err := netip.ParseAddrPort(p.addr)
	if err != nil {
		return nil
	}
	if e := c.instead(addr); e != nil {
		return c.strayed(addr, *e)
	}
	return nil
}

func (c *check) maskedOnWire(addr netip.AddrPort, fromServer bool) error {
	n := 0
	for _, e := range c.wire.Events() {
		if e.Kind != wire.WSFrame || addr.IsValid() && e.Server != addr || e.FromClient == fromServer {
			continue
		}
		n++
		if e.Frame.Masked == fromServer {
			return c.failOnWire(maskFailure(fromServer, e.String()))
		}
	}
	if n == 0 {
		return c.failOnWire(labs.Failure{
			Headline: "The wire shows no WebSocket frame where there should be some.",
			Expected: "frames on a connection to " + where(addr), Heard: c.dialled(),
		})
	}
	return nil
}

// dialled lists the addresses that were dialled, how often, and whether they refused, as in
// "2 SYN to 127.0.0.1:8080, 2 refused (RST); 1 SYN to 127.0.0.1:2000".
func (c *check) dialled() string {
	events := c.wire.Events()
	var shown []string
	var seen []netip.AddrPort
	for _, e := range events {
		if !attempt(e) || slices.Contains(seen, e.Server) {
			continue
		}
		seen = append(seen, e.Server)
		text := fmt.Sprintf("%d SYN to %s", countEvents(events, e.Server, attempt), e.Server)
		if n := countEvents(events, e.Server, refused); n > 0 {
			text += fmt.Sprintf(", %d refused (RST)", n)
		}
		shown = append(shown, text)
	}
	if shown == nil {
		return "no connection attempt at all"
	}
	return shorten(strings.Join(shown, "; "), 300)
}

func (c *check) failOnWire(f labs.Failure, missing ...labs.Event) error {
	c.takeWire()
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if len(missing) > 0 && !missing[0].Missing {
		missing = nil
	}
	return c.failAt(-1, f, "", missing...)
}

// takeWire merges what was captured into the transcript, by time.
func (c *check) takeWire() {
	events := c.wire.Events()
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	for _, e := range events[c.wireTaken:] {
		c.t.events = append(c.t.events, c.inTranscript(e))
	}
	c.wireTaken = len(events)
	slices.SortStableFunc(c.t.events, func(a, b labs.Event) int { return cmp.Compare(a.At, b.At) })
}

func (c *check) inTranscript(e wire.Event) labs.Event {
	row := labs.Event{At: max(time.Nanosecond, e.At.Sub(c.t.began)), Who: e.From().String(), To: e.To().String(), Kind: labs.Packet}
	switch {
	case e.Kind == wire.WSFrame:
		row.Kind = labs.Frame
	case e.Kind == wire.HTTPRequest, e.Kind == wire.HTTPResponse:
		row.Kind = labs.HTTP
	}
	row.Text = shorten(e.What(), maxEventText)
	return row
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
