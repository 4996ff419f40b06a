// Package harness runs one check: it starts the judged programs, talks to them, and writes down what happened.
//
// A check is a testscript script (github.com/rogpeppe/go-internal/testscript) whose commands are this package's. They start the
// programs as real processes, type at them, connect peers of the kit's own to them, and wait for what should be heard.
// Everything that happens goes into one transcript, in one order; every wait is a wait on the transcript, and ends with
// what it waits for, with the end of the program or connection that should have brought it, or when patience is out.
//
// Run never says fail unless a judged program did something wrong: a script that uses a command wrongly, a port that somebody
// else holds, a machine too busy to run the programs are errors of their own.
package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/labs/internal/wire"
)

// A Job is one check of one submission.
type Job struct {
	Check      labs.Check
	Submission Submission
	Work       string        // an empty folder. The caller's: it outlives a pod that is killed, and removes the folder
	Seed       uint64        // the same seed, the same texts
	Isolated   bool          // the process is in a network of its own: every port is free
	Patience   time.Duration // how long a wait may last; zero means the usual one
	NoRace     NoRace        // nobody asks unless UsesRace
	Hurry      int           // divides the time limits that a script gives with -within; zero means 1. It is for the kit's own tests.
}

// DefaultAddr is where server and client meet when nobody says anything else.
const DefaultAddr = "127.0.0.1:8080"

// An actor is somebody in a script: a judged program, or a peer of the kit's own. close ends it and waits for the end.
type actor interface {
	say(text string) error
	hangup() error
	close()
}

// A check is one running script.
type check struct {
	ctx      context.Context
	job      Job
	ts       *testscript.TestScript
	t        *transcript
	texts    *texts
	home     string // the programs' home folder, theirs alone
	addr     string // where the server listens and the client connects, unless the script says otherwise
	actors   map[string]actor
	programs []*program
	calls    int      // peers that were to connect so far, whether or not they could
	about    []string // the arguments of the command that runs: whom a failure is about is among them; guarded by the transcript's lock
	told     error    // the command's own error; the engine keeps only its text

	wire      *wire.Capture // nil where nothing is captured
	wireTaken int           // how many of its events the transcript has
}

// Run runs the check's script and returns its verdict. It must be called in a pod's first process, once.
func Run(ctx context.Context, job Job) labs.Verdict {
	v := labs.Verdict{Check: job.Check}
	if line, err := Lint(job.Check); err != nil {
		v.Outcome, v.Whose, v.Why, v.Line = labs.Error, labs.Script, err.Error(), line
		return v
	}
	c := &check{ctx: ctx, job: job, t: newTranscript(), texts: newTexts(job.Seed, job.Check.Name), home: filepath.Join(job.Work, "home"), actors: map[string]actor{}}
	var giveBack func()
	c.addr, giveBack = job.Submission.defaultAddr()
	defer giveBack()
	c.t.queue = &pod.Queue{}
	e := &engine{}
	if err := c.prepare(); err != nil {
		c.told = err
	} else {
		e.run(c, filepath.Join(job.Work, filepath.Base(job.Check.File)), job.Work)
	}
	c.judge(&v, e)
	v.Transcript = c.t.events
	v.Log = e.story()
	v.Duration = time.Since(c.t.began)
	return v
}

// prepare readies what the script needs before its first line.
func (c *check) prepare() error {
	if err := os.Mkdir(c.home, 0o755); err != nil {
		return machineError("%v", err)
	}
	if err := os.WriteFile(filepath.Join(c.job.Work, filepath.Base(c.job.Check.File)), []byte(c.job.Check.Script), 0o644); err != nil {
		return machineError("%v", err)
	}
	if !c.job.Isolated {
		for _, addr := range Ports(c.job) {
			if owner, taken := pod.Holder(addr); taken {
				return machineError("%s", heldBy(addr.String(), owner))
			}
		}
	}
	if c.job.Isolated && usesWire(c.job.Check.Script) {
		capture, err := wire.Open()
		if err != nil {
			return machineError("capture on loopback: %v", err)
		}
		c.wire = capture
	}
	return nil
}

// finish ends everybody, who came last first: a server that outlives its clients leaves its port free for the next.
func (c *check) finish() {
	for _, name := range slices.Backward(c.t.order) {
		if a := c.actors[name]; a != nil {
			a.close()
		}
	}
	if c.wire != nil {
		c.syncWire() // what cannot be seen any more is missing from the transcript, and no verdict depends on it
		c.takeWire()
		c.wire.Close()
	}
}

// judge turns how the script ended into a verdict.
func (c *check) judge(v *labs.Verdict, e *engine) {
	var fault *wrong
	var cannot *unable
	var usage *misuse
	v.Line = e.line
	switch {
	case c.told != nil && c.ctx.Err() != nil: // called off: what has not come in time is nobody's fault
		v.Outcome, v.Whose, v.Why = labs.Error, labs.Machine, c.ctx.Err().Error()
	case errors.As(c.told, &fault):
		v.Outcome, v.Failure = labs.Fail, &fault.Failure
		_, v.Phase = v.Check.SentenceAbove(e.line)
	case errors.As(c.told, &cannot):
		v.Outcome, v.Whose, v.Why = cannot.outcome, cannot.whose, cannot.why
	case errors.As(c.told, &usage):
		v.Outcome, v.Whose, v.Why = labs.Error, labs.Script, usage.Error()
	case e.skipped:
		v.Outcome, v.Why = labs.Skip, e.why
	case e.failed:
		v.Outcome, v.Whose, v.Why = labs.Error, labs.Script, e.why
	default:
		v.Outcome, v.Line = labs.Pass, 0
		if v.Check.Kind == labs.MistakeKind {
			v.Why = c.fillIn(v.Check.Title)
		}
	}
}

// maxValue is how many bytes of one variable a sentence takes: what a program has printed may be long.
const maxValue = 120

// fillIn puts the script's variables into a sentence. The name of a peer stands for its address.
func (c *check) fillIn(sentence string) string {
	return os.Expand(sentence, func(name string) string {
		switch c.actors[name].(type) {
		case *peer, *raw:
			return c.addressOf(name)
		}
		return shorten(c.getenv(name), maxValue)
	})
}

var wireCommand = regexp.MustCompile(`(?m)^(\[[^\]]*\] *)*wire `)

func (c *check) setenv(name, value string) { c.ts.Setenv(name, value) }

// getenv returns a variable of the script, empty before its first command.
func (c *check) getenv(name string) string {
	if c.ts == nil {
		return ""
	}
	return c.ts.Getenv(name)
}

// addressOf is a peer's own address.
func (c *check) addressOf(name string) string {
	switch a := c.actors[name].(type) {
	case *peer:
		return a.addr
	case *raw:
		return a.net.LocalAddr().String()
	}
	return "the address of " + name
}

// The errors of commands. wrong is the only one that blames the submission.
type (
	wrong  struct{ labs.Failure }
	unable struct {
		outcome labs.Outcome // Error, or Build where a program cannot be started
		whose   labs.Whose
		why     string
	}
	misuse struct{ why string } // of a command, by the script
)

func (e *wrong) Error() string  { return e.Headline }
func (e *unable) Error() string { return e.why }
func (e *misuse) Error() string { return e.why }

func machineError(format string, args ...any) error {
	return &unable{outcome: labs.Error, whose: labs.Machine, why: fmt.Sprintf(format, args...)}
}

func usageError(format string, args ...any) error { return &misuse{fmt.Sprintf(format, args...)} }

// atoi reads a count.
func atoi(what, text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, usageError("%s is %q, want a number", what, text)
	}
	return n, nil
}
