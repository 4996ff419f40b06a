package harness

import (
	"flag"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"broadcastlab/labs"
)

// This file runs the commands: it reads their arguments and calls what does the work.

func runSay(c *check, _ bool, args []string) error {
	escapes, fragments, ping := false, 1, ""
	rest, err := options(args, func(f *flag.FlagSet) {
		f.BoolVar(&escapes, "e", false, "")
		f.IntVar(&fragments, "fragments", 1, "")
		f.StringVar(&ping, "ping", "", "")
	}, 2, 2)
	if err != nil {
		return err
	}
	who, text := rest[0], rest[1]
	if err := c.known([]string{who}); err != nil {
		return err
	}
	if escapes {
		text = unescape(text)
	}
	if fragments == 1 && ping == "" {
		return c.say(who, text)
	}
	if fragments < 1 || fragments > len(text) {
		return usageError("-fragments %d: want 1 to %d for this text", fragments, len(text))
	}
	switch a := c.actors[who].(type) {
	case *peer:
		a.text(text, fragments, ping)
		return nil
	case *host:
		return a.sayIn(text, fragments, ping)
	}
	return usageError("-fragments and -ping are for a peer or a host; %q is none", who)
}

func runJoins(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 1, -1)
	if err != nil {
		return err
	}
	if err := c.known(rest); err != nil {
		return err
	}
	return c.joins(rest)
}

func runHears(c *check, neg bool, args []string) error {
	exact, first, within, come := false, false, time.Duration(0), asText
	rest, err := options(args, func(f *flag.FlagSet) {
		f.BoolVar(&exact, "exact", false, "")
		f.BoolVar(&first, "first", false, "")
		f.BoolFunc("binary", "", func(string) error { come = asBinary; return nil })
		f.BoolFunc("newline", "", func(string) error { come = withNewline; return nil })
		c.within(f, &within)
	}, 2, -1)
	if err != nil {
		return err
	}
	names := strings.Split(rest[0], ",")
	if err := c.known(names); err != nil {
		return err
	}
	w, err := newWish(exact, rest[1:])
	if err != nil {
		return err
	}
	w.form, w.first = come, first
	switch {
	case neg && (first || within != 0):
		return usageError("with ! it looks back at what has come: no -first, no -within")
	case neg:
		return c.hearsNot(names, w)
	}
	return c.hears(names, w, within)
}

func runCounts(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 3, 3)
	if err != nil {
		return err
	}
	if err := c.known(rest[:1]); err != nil {
		return err
	}
	w, err := newWish(false, rest[1:2])
	if err != nil {
		return err
	}
	least, most, err := between(rest[2])
	if err != nil {
		return err
	}
	if n := c.count(rest[0], w); n < least || n > most {
		return c.fail(labs.Failure{
			Headline: fmt.Sprintf("%s printed %d lines that fit; %s would be right.", rest[0], n, countRange(least, most)),
			Expected: countRange(least, most) + " times " + w.String(), Heard: fmt.Sprintf("%d of them", n),
		})
	}
	return nil
}

func runCapture(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 2, 2)
	if err != nil {
		return err
	}
	if err := c.known(rest[:1]); err != nil {
		return err
	}
	w, err := newWish(false, rest[1:])
	if err != nil {
		return err
	}
	return c.capture(rest[0], w)
}

func runFence(c *check, _ bool, args []string) error {
	speakers, listeners, err := c.sides(args)
	if err != nil {
		return err
	}
	if len(speakers) != 1 {
		return usageError("one speaker, not %d", len(speakers))
	}
	return c.fence(speakers[0], listeners)
}

func runTalk(c *check, negated bool, args []string) error {
	n, unheard, tagged := 10, maxUnheard, false
	rest, err := options(args, func(f *flag.FlagSet) {
		f.IntVar(&n, "n", n, "")
		f.IntVar(&unheard, "unheard", unheard, "")
		f.BoolVar(&tagged, "tagged", false, "")
	}, 3, -1)
	if err != nil {
		return err
	}
	speakers, listeners, err := c.sides(rest)
	if err != nil {
		return err
	}
	for _, s := range speakers {
		if _, ok := c.actors[s].(*peer); tagged && !ok {
			return usageError("-tagged needs speakers whose address is known: peers; %q is none", s)
		}
	}
	t := c.newTalk(max(1, unheard), tagged, speakers, listeners)
	if negated {
		return t.runApart(n)
	}
	return t.run(n)
}

func runSignal(c *check, _ bool, args []string) error {
	p, rest, err := about[*program](c, "judged program", args, nil, 2)
	if err != nil {
		return err
	}
	signals := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM, "KILL": os.Kill}
	sig, ok := signals[rest[1]]
	if !ok {
		return usageError("%q: want INT, TERM or KILL", rest[1])
	}
	return p.signal(sig, rest[1])
}

func runExits(c *check, _ bool, args []string) error {
	within, only := time.Duration(0), ""
	rest, err := options(args, func(f *flag.FlagSet) {
		c.within(f, &within)
		f.StringVar(&only, "only", "", "")
	}, 1, 2)
	if err != nil {
		return err
	}
	p, err := aTypeOf[*program](c, rest[0], "judged program")
	if err != nil {
		return err
	}
	if within == 0 {
		within = c.toEnd(p.name)
	}
	var told netip.AddrPort // zero: any
	if only != "" {
		if told, err = netip.ParseAddrPort(only); err != nil {
			return usageError("-only %q: want IP:PORT", only)
		}
	}
	want, not := -1, false
	if len(rest) == 2 {
		var text string
		text, not = strings.CutPrefix(rest[1], "!")
		if want, err = atoi("STATUS", text); err != nil {
			return err
		}
	}
	if err := c.awaitEnd(p, told, within); err != nil {
		return err
	}
	return c.exits(p, want, not, within)
}

func runNoTrace(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 1, 1)
	if err != nil {
		return err
	}
	if err := c.known(rest); err != nil {
		return err
	}
	return c.noTrace(rest[0])
}

// between reads MIN or MIN-MAX.
func between(text string) (least, most int, err error) {
	low, high, isRange := strings.Cut(text, "-")
	if least, err = atoi("MIN", low); err != nil || !isRange {
		return least, least, err
	}
	if most, err = atoi("MAX", high); err == nil && most < least {
		err = usageError("%q: MIN is more than MAX", text)
	}
	return least, most, err
}

func countRange(least, most int) string {
	if least == most {
		return strconv.Itoa(least)
	}
	return fmt.Sprintf("%d to %d", least, most)
}
