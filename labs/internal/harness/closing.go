package harness

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadcastlab/labs"
)

// This file is about how a connection ends: by a Close with its code, or without one (RFC 6455, section 7).

// closeNames are what the codes mean, as section 7.4.1 and its registry have it.
var closeNames = map[int]string{
	1000: "normal", 1001: "going away", 1002: "protocol error", 1003: "unsupported data", 1005: "no code", 1007: "not UTF-8",
	1008: "policy violation", 1009: "message too big", 1011: "internal error", 1013: "try again later",
}

func codeName(code int) string {
	if name := closeNames[code]; name != "" {
		return fmt.Sprintf("%d (%s)", code, name)
	}
	return strconv.Itoa(code)
}

func runCloseCode(c *check, neg bool, args []string) error {
	within := c.usual()
	p, rest, err := about[*peer](c, "peer", args, func(f *flag.FlagSet) { c.within(f, &within) }, 2)
	if err != nil {
		return err
	}
	var codes []int
	if rest[1] != "any" {
		for text := range strings.SplitSeq(rest[1], ",") {
			code, err := atoi("CODE", text)
			if err != nil {
				return err
			}
			codes = append(codes, code)
		}
	}
	err = c.t.await(c.ctx, within, func() bool { return p.gone })
	if err != nil && err != errPatience {
		return c.gaveUp(err)
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	said := p.code != 0 && (codes == nil || slices.Contains(codes, p.code))
	switch {
	case said != neg && (p.gone || !neg):
		return nil
	case neg:
		return c.failAt(-1, labs.Failure{Headline: fmt.Sprintf("The server said Close %s to %s, or has not ended the connection.", codeName(p.code), p.name),
			Expected: "the end of the connection without that Close", Heard: c.lately(p.ear, "")}, "")
	}
	return c.wrongClose(p, codes, within)
}

// wrongClose tells that the server has not said the Close that was due. The transcript's lock is held.
func (c *check) wrongClose(p *peer, codes []int, within time.Duration) error {
	var names []string
	for _, code := range codes {
		names = append(names, codeName(code))
	}
	due := "Close"
	if len(names) > 0 {
		due += " " + strings.Join(names, " or ")
	}
	f := labs.Failure{Expected: due, Next: "Send a Close frame with its code before you close the connection (RFC 6455, sections 5.5.1 and 7.4)."}
	switch {
	case p.code != 0:
		f.Headline = fmt.Sprintf("The server said Close %s to %s; due was %s.", codeName(p.code), p.name, due)
		f.Heard = "Close " + codeName(p.code)
		f.Next = "Section 7.4.1 of RFC 6455 says which code means what."
	case p.gone:
		f.Headline = fmt.Sprintf("The server said no Close to %s: it %s.", p.name, p.left)
		f.Heard = "the server " + p.left
	default:
		f.Headline = fmt.Sprintf("The server has not said Close to %s within %v, and holds the connection.", p.name, within)
		f.Heard = c.lately(p.ear, "")
	}
	c.markWrong(func(e labs.Event) bool { return p.gone && e.Who == p.name && e.Kind == labs.Left })
	if p.gone && p.code != 0 {
		return c.failAt(-1, f, "")
	}
	return c.failAt(-1, f, "", labs.Event{Who: p.name, Kind: labs.Left, To: "server", Text: due, Missing: true})
}

// runHangup ends a client's input, or says Close, or with -fin ends a connection without a word.
func runHangup(c *check, _ bool, args []string) error {
	fin, code := false, 1000
	rest, err := options(args, func(f *flag.FlagSet) {
		f.BoolVar(&fin, "fin", false, "")
		f.IntVar(&code, "code", code, "")
	}, 1, 1)
	if err != nil {
		return err
	}
	if err := c.known(rest); err != nil {
		return err
	}
	p, isPeer := c.actors[rest[0]].(*peer)
	h, isHost := c.actors[rest[0]].(*host)
	switch {
	case fin && isPeer:
		p.drop()
		return nil
	case fin || code != 1000 && !isHost:
		return usageError("-fin is for a peer, -code for a host; %q is none", rest[0])
	case isHost:
		return h.closeWith(code)
	}
	return c.actors[rest[0]].hangup()
}
