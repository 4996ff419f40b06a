package harness

import (
	"flag"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/pod"
)

// This file looks at what a judged program holds: from outside, as the system counts it.

// A holding is what a program has taken of the machine. pod.Unknown stands for what the system does not tell.
type holding struct {
	files, threads int64
	memory         int64 // bytes; the most that was seen since measure
}

// holds asks the system. The transcript's lock is held.
func (p *program) holds() holding {
	pid := p.cmd.Process.Pid
	p.most = max(p.most, pod.Memory(pid))
	return holding{files: int64(pod.FilesOf(pid)), threads: int64(pod.ThreadsOf(pid)), memory: p.most}
}

func runMeasure(c *check, _ bool, args []string) error {
	p, _, err := about[*program](c, "judged program", args, nil, 1)
	if err != nil {
		return err
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	p.most = 0
	now := p.holds()
	p.measured = &now
	c.t.add(labs.Event{Who: p.name, Kind: labs.Note, Text: fmt.Sprintf("holds %d files, %d threads, %s", now.files, now.threads, mebibytes(now.memory))})
	return nil
}

// A resource is one thing that a program takes of the machine and should give back.
type resource struct {
	unit string // behind a number of them
	of   func(holding) int64
	show func(int64) string
	next string // what to look at where there is more of it
}

func number(n int64) string { return fmt.Sprint(n) }

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }

// resources are what grows can look at, by name.
func resources() map[string]resource {
	return map[string]resource{
		"files": {"open files", func(h holding) int64 { return h.files }, number,
			"Each connection is a file of the server's until somebody closes it: who does that when the client has left, in every way of leaving?"},
		"threads": {"threads", func(h holding) int64 { return h.threads }, number,
			"What serves a client has to end with it: does every loop of it leave when the connection does?"},
		"memory": {"of memory", func(h holding) int64 { return h.memory }, mebibytes,
			"What do you keep for each client, and for how long? A queue needs a limit, and a client that is gone needs none."},
	}
}

func runGrows(c *check, neg bool, args []string) error {
	within := c.usual()
	p, rest, err := about[*program](c, "judged program", args, func(f *flag.FlagSet) { c.within(f, &within) }, 3)
	if err != nil {
		return err
	}
	r, ok := resources()[rest[1]]
	if !ok {
		return usageError("%q: want files, threads or memory", rest[1])
	}
	limit, err := amount(rest[2])
	switch {
	case err != nil:
		return err
	case p.measured == nil:
		return usageError("%s has not been measured", p.name)
	case r.of(*p.measured) < 0: // the system does not tell: nothing can be said against the program
		return nil
	}
	return c.grows(p, r, limit, within, neg)
}

// grows waits until a program holds at most limit more of something than when it was measured; with more, it is to hold more than that
// for as long as the patience lasts.
func (c *check) grows(p *program, r resource, limit int64, within time.Duration, more bool) error {
	before, now := r.of(*p.measured), int64(0)
	err := c.t.await(c.ctx, within, func() bool {
		now = r.of(p.holds())
		return now-before <= limit || p.ear.ended != ""
	})
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	expected := fmt.Sprintf("at most %s more", r.show(limit))
	if more {
		expected = fmt.Sprintf("more than %s more", r.show(limit))
	}
	switch {
	case p.ear.ended != "":
		return c.failAt(-1, labs.Failure{Headline: fmt.Sprintf("The %s (%s) %s.", p.role, p.name, p.ear.ended), Expected: "it goes on", Heard: "it " + p.ear.ended}, "")
	case (err == nil) != more && (err == nil || err == errPatience):
		c.t.add(labs.Event{Who: p.name, Kind: labs.Note, Text: fmt.Sprintf("holds %s %s, before %s", r.show(now), r.unit, r.show(before))})
		return nil
	case err != nil && err != errPatience:
		return c.gaveUp(err)
	}
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("The %s held %s %s before. Now it holds %s.", p.role, r.show(before), r.unit, r.show(now)),
		Expected: expected, Heard: r.show(now-before) + " more", Next: r.next,
	}, "")
}

var amountForm = regexp.MustCompile(`^(\d+)(KiB|MiB)?$`)

// amount reads a number, as it is or of bytes.
func amount(text string) (int64, error) {
	m := amountForm.FindStringSubmatch(text)
	if m == nil {
		return 0, usageError("%q: want a number, or one like 64MiB", text)
	}
	n, err := strconv.ParseInt(m[1], 10, 40)
	if err != nil {
		return 0, usageError("%q is too much", text)
	}
	return n << map[string]int{"KiB": 10, "MiB": 20}[m[2]], nil
}
