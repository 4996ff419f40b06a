package harness

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"broadcastlab/labs"
)

// This file reads the reports of Go's race detector (https://go.dev/doc/articles/race_detector).

// A Race is a Go program with the race detector in it. The zero value is for one that is not Go.
type Race struct {
	Build []string // makes it; it takes a while, so only whoever needs it does that
	Run   []string // $ADDR is filled in
}

// NoRace is why there is no server with the race detector; the zero value: there is one.
type NoRace struct {
	Why     string
	Outcome labs.Outcome // Skip where no program can be built with it, Build where this one does not
}

var raceCommand = regexp.MustCompile(`(?m)^(?:\[[^\]]*\] *)*server (?:-?[^-\s]\S* )*?-race\b`)

// UsesRace tells whether a script starts the server with the race detector.
func UsesRace(script string) bool { return raceCommand.MatchString(script) }

// withRace is how the server is started with the race detector. Where that is not to be had the check is skipped.
func (c *check) withRace(addr string) (argv, shown []string, err error) {
	no := c.job.NoRace
	race := c.job.Submission.Server.Race
	if race.Run == nil {
		no = NoRace{"the race detector is for Go programs", labs.Skip}
	}
	if no.Why != "" {
		return nil, nil, &unable{outcome: no.Outcome, why: no.Why}
	}
	argv, _ = Program{Run: race.Run}.argv(addr, "ws://"+addr)
	return argv, []string{"go", "run", "-race", "./server", "-addr", addr}, nil
}

// A raceReport is what two goroutines did to the same memory.
type raceReport struct {
	event  int // of its first line, in the transcript
	access [2]access
}

// An access is one side of a race.
type access struct {
	what  string // as in "write" or "previous read"
	place string // file and line, in the submission's own files if it is there
	in    string // the function
}

var (
	accessLine = regexp.MustCompile(`^((?:Previous )?(?:atomic )?(?:[Rr]ead|[Ww]rite)) at 0x[0-9a-f]+ by `)
	placeLine  = regexp.MustCompile(`^\s+(\S.*):(\d+)(?: \+0x[0-9a-f]+)?$`)
)

// firstRace finds the first report among what a program has printed. dir is the submission's folder.
func firstRace(heard []line, dir string) (raceReport, bool) {
	report, found, n := raceReport{}, false, -1
	function := ""
	for _, l := range heard {
		m := accessLine.FindStringSubmatch(l.text)
		switch {
		case strings.Contains(l.text, "WARNING: DATA RACE"):
			if found {
				return report, true
			}
			report.event, found = l.event, true
		case !found:
		case m != nil && n < 1:
			n++
			report.access[n].what = strings.ToLower(m[1])
		case strings.HasPrefix(l.text, "Goroutine ") || strings.HasPrefix(l.text, "===="):
			return report, true
		case n >= 0:
			function = report.access[n].frame(l.text, function, dir)
		}
	}
	return report, found
}

// frame reads one line of a stack: a function, or the place in it. The first place in the submission's own files counts, else the first.
func (a *access) frame(text, function, dir string) string {
	m := placeLine.FindStringSubmatch(text)
	if m == nil {
		return strings.TrimSuffix(strings.TrimSpace(text), "()")
	}
	own, err := filepath.Rel(dir, m[1])
	isOwn := err == nil && filepath.IsLocal(own)
	if !isOwn && a.place != "" || isOwn && a.place != "" && !filepath.IsAbs(a.place) {
		return function
	}
	a.place, a.in = m[1]+":"+m[2], function
	if isOwn {
		a.place = filepath.ToSlash(own) + ":" + m[2]
	}
	return function
}

func (a access) String() string {
	return fmt.Sprintf("%s at %s, in %s", a.what, a.place, a.in)
}

func runNoRace(c *check, neg bool, args []string) error {
	p, _, err := about[*program](c, "judged program", args, nil, 1)
	if err != nil {
		return err
	}
	err = c.raced(p)
	switch {
	case neg && err == nil:
		return c.fail(labs.Failure{Headline: "No data race was reported.", Expected: "a report", Heard: "none"})
	case neg:
		return nil
	}
	return err
}

// raced tells of the first data race that a program has reported.
func (c *check) raced(p *program) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	report, found := firstRace(p.ear.heard, p.cmd.Dir)
	if !found {
		return nil
	}
	first, second := report.access[0], report.access[1]
	n := 0
	for _, l := range p.ear.heard {
		if strings.Contains(l.text, "WARNING: DATA RACE") {
			n++
		}
	}
	if report.event >= 0 && report.event < len(c.t.events) {
		c.t.events[report.event].Wrong = true
	}
	return c.failAt(report.event, labs.Failure{
		Headline: fmt.Sprintf("Two goroutines of the %s use the same memory at the same time, and one of them writes: %s and %s.", p.role, first.place, second.place),
		Expected: "no data race is reported",
		Heard:    strconv.Itoa(n) + " reported; the first: " + first.String() + "; " + second.String(),
		Next:     "Both lines need the same lock around them, or one goroutine must own what they use.",
	}, "")
}
