package harness

import (
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/pod"
)

// ready waits until the server listens where it should. The kernel is asked, so that the server sees nothing of it;
// where it cannot be asked, readiness is a connection that says nothing.
func (c *check) ready(p *program) error {
	want, err := netip.ParseAddrPort(p.addr)
	if err != nil {
		return usageError("-addr %q: want IP:PORT", p.addr)
	}
	var there, ended bool
	var ports, asked []netip.AddrPort
	look := func() bool {
		there, ports = listens(want)
		ended = p.ear.ended != ""
		return there || ended
	}
	elsewhere := func() bool { // whose ports they are is dear to find out: it is asked when one came or went
		news := !slices.Equal(ports, asked)
		asked = ports
		return news && len(pod.Ports(p.cmd.Process.Pid)) > 0
	}
	err = c.t.await(c.ctx, c.toStart(), func() bool { return look() || elsewhere() })
	if err == nil && !there && !ended { // it may open a second port
		err = c.t.await(c.ctx, wrongPort, look)
	}
	switch {
	case there:
		c.t.note(labs.Event{Who: p.name, Kind: labs.Listens, Text: p.addr})
		return nil
	case err != nil && err != errPatience:
		return c.gaveUp(err)
	}
	return c.notReady(p, want)
}

// listens reports whether somebody listens on want, and where all listen, as far as that can be asked.
func listens(want netip.AddrPort) (there bool, ports []netip.AddrPort) {
	ports, ok := pod.Listening()
	if !ok {
		conn, err := net.DialTimeout("tcp", want.String(), tick)
		if err == nil {
			conn.Close()
		}
		return err == nil, nil
	}
	return slices.ContainsFunc(ports, func(p netip.AddrPort) bool { return answers(p, want) }), ports
}

// answers reports whether who connects to want reaches a listener on p.
func answers(p, want netip.AddrPort) bool {
	ip := p.Addr().Unmap()
	return p.Port() == want.Port() && (ip == want.Addr() || ip.IsUnspecified())
}

// notReady tells why the server does not listen where it should.
func (c *check) notReady(p *program, want netip.AddrPort) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	f := labs.Failure{Expected: "the server listens on " + p.addr}
	ports := pod.Ports(p.cmd.Process.Pid)
	switch lines := strings.Join(p.lastLines(3), " ⏎ "); {
	case p.ear.ended != "" && len(p.more) > 0 && !addressInUse.MatchString(lines):
		f.Headline = fmt.Sprintf("Started with %s, the server %s before it listened.", strings.Join(p.more, " "), p.ear.ended)
		f.Expected = flagMeaning(p.more[0])
		f.Heard = "it printed " + orNothing(lines)
		f.Next = "Give the server that flag. In Go: the package flag, with a default that the checks before this one can live with."
	case p.ear.ended != "" && addressInUse.MatchString(lines):
		// somebody came first: outside a pod that may be another program of this machine
		if _, held := pod.Holder(want); held && !c.job.Isolated && len(c.programs) == 1 {
			return c.portTaken(p.addr)
		}
		fallthrough
	case p.ear.ended != "":
		f.Headline = fmt.Sprintf("The server %s before it listened.", p.ear.ended)
		f.Heard = "it printed " + orNothing(lines)
		f.Next = "Start it by hand and read what it says."
	case len(ports) > 0:
		var addrs []string
		for _, a := range ports {
			addrs = append(addrs, a.String())
		}
		slices.Sort(addrs)
		f.Headline = fmt.Sprintf("The server was to listen on %s. It listens on %s.", p.addr, strings.Join(slices.Compact(addrs), " and "))
		f.Heard = "it listens on " + strings.Join(slices.Compact(addrs), " and ")
		f.Next = "Which address does the server take: the one it is given with -addr, and 127.0.0.1:8080 when it is given none?"
	default:
		f.Headline = fmt.Sprintf("The server has been running for %v and listens on no port.", c.toStart())
		f.Heard = "no port is open; it printed " + orNothing(lines)
		f.Next = "Does it ever reach the line that listens?"
	}
	return c.failAt(-1, f, "", labs.Event{Who: p.name, Kind: labs.Listens, Text: p.addr, Missing: true})
}

func orNothing(lines string) string {
	if lines == "" {
		return "nothing"
	}
	return shorten(lines, 300)
}

// awaitEnd waits for a program's end, or until the patience is out. Told where to connect, a program that tries another address
// is at fault at once.
func (c *check) awaitEnd(p *program, told netip.AddrPort, within time.Duration) error {
	strays := func() bool { return told.IsValid() && c.wire != nil && stray(c.wire.Events(), told) != nil }
	err := c.t.await(c.ctx, within, func() bool { return p.ear.ended != "" || strays() })
	switch {
	case strays():
		return c.onlyTo(told)
	case err != nil && err != errPatience:
		return c.gaveUp(err)
	}
	return nil
}

// exits looks at the status of a program that should have ended; want below zero takes any, not turns it round.
func (c *check) exits(p *program, want int, not bool, within time.Duration) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	expected := "it ends"
	if want >= 0 {
		expected = fmt.Sprintf("it ends with status %d", want)
		if not {
			expected = fmt.Sprintf("it ends with a status other than %d", want)
		}
	}
	missing := labs.Event{Who: p.name, Kind: labs.Ended, Text: expected, Missing: true}
	if p.ear.ended == "" {
		return c.failAt(-1, labs.Failure{
			Headline: fmt.Sprintf("The %s (%s) did not end within %v.", p.role, p.name, within),
			Expected: expected, Heard: c.lately(p.ear, ""),
			Next: "What does it still wait for? When there is nothing left to do, main must return.",
		}, "", missing)
	}
	<-p.ended // at once: reap closes it as it sets ended
	if code := p.exitCode(); want >= 0 && (code == want) == not || p.excess != "" {
		c.markWrong(func(e labs.Event) bool { return e.Kind == labs.Ended && e.Who == p.name })
		return c.failAt(-1, labs.Failure{
			Headline: fmt.Sprintf("The %s (%s) %s.", p.role, p.name, p.ear.ended),
			Expected: expected, Heard: "it " + p.ear.ended,
			Next: "The status tells a script what a person reads: 0 all is well, 1 it could not be done, 2 it was called wrongly.",
		}, "")
	}
	return nil
}

func runRuns(c *check, _ bool, args []string) error {
	within := time.Duration(0)
	p, _, err := about[*program](c, "judged program", args, func(f *flag.FlagSet) { f.DurationVar(&within, "for", 0, "") }, 1)
	if err != nil {
		return err
	}
	err = c.t.await(c.ctx, within, func() bool { return p.ear.ended != "" })
	switch {
	case err == errPatience:
		return nil
	case err != nil:
		return c.gaveUp(err)
	}
	return c.fail(labs.Failure{
		Headline: fmt.Sprintf("The %s (%s) %s.", p.role, p.name, p.ear.ended), Expected: "it goes on", Heard: "it " + p.ear.ended,
		Next: "Start it by hand and read what it says.",
	})
}

// signal sends a signal to the program.
func (p *program) signal(sig os.Signal, name string) error {
	p.t.note(labs.Event{Who: p.name, Kind: labs.Note, Text: "is sent SIG" + name})
	if err := pod.Signal(p.cmd, sig); err != nil && !p.hasEnded() {
		return machineError("send SIG%s to %s: %v", name, p.name, err)
	}
	return nil
}
