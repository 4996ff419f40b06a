package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/judge"
	"broadcastlab/labs/internal/pod"
	"broadcastlab/labs/internal/report"
)

// A judging is what all attempts of one lab watch have in common.
type judging struct {
	dir     string // the submission's folder
	bin     string // where its programs are built. It is kept, since the go command links only what has changed
	command string // how a person calls the tool for this submission
	lang    labs.Language
	world   pod.World
}

// An attempt is one run of checks under way. Its goroutine ends with updates; whoever has started it reads them to the
// end, or calls stop.
type attempt struct {
	title   string
	wanted  []labs.Lab
	began   time.Time
	updates chan update
	cancel  context.CancelFunc

	// What the updates have said so far. Only the reader of updates sets these.
	built    bool
	verdicts map[string]labs.Verdict // by check ID
	result   *report.Run             // of the stages that are over; nil before the first
	took     time.Duration           // until the first stage was over
	err      error                   // why nothing could be judged
	ended    time.Time               // zero while it is under way
}

// An update is something that an attempt has found out: one of these is set, none when the programs are built.
type update struct {
	verdict *labs.Verdict
	result  *report.Run // a stage is over
	err     error       // nothing can be judged
	panic   any         // the kit is wrong: for whoever restores the terminal
}

// start judges labs in two stages: stretch checks once all required ones pass. A single stage holds all.
func (j judging) start(ctx context.Context, title string, wanted []labs.Lab, stages int) *attempt {
	ctx, cancel := context.WithCancel(ctx)
	a := &attempt{title: title, wanted: wanted, began: time.Now(), updates: make(chan update), cancel: cancel, verdicts: map[string]labs.Verdict{}}
	go func() {
		defer close(a.updates)
		defer func() {
			if p := recover(); p != nil {
				a.updates <- update{panic: fmt.Sprintf("%v\n%s", p, debug.Stack())}
			}
		}()
		a.run(ctx, j, stages)
	}()
	return a
}

// stop cancels the attempt and waits for its end. Builds and programs that ran for it are gone then.
func (a *attempt) stop() {
	a.cancel()
	for u := range a.updates {
		a.note(u)
	}
}

// note keeps what an update says.
func (a *attempt) note(u update) {
	switch {
	case u.panic != nil:
		panic(u.panic)
	case u.verdict != nil:
		a.verdicts[u.verdict.Check.ID()] = *u.verdict
	case u.result != nil:
		if a.result == nil {
			a.took = u.result.Finished.Sub(a.began)
		}
		a.result = u.result
	case u.err != nil:
		a.err = u.err
	default:
		a.built = true
	}
}

func (a *attempt) checks() []labs.Check {
	var all []labs.Check
	for _, lab := range a.wanted {
		all = append(all, lab.Checks...)
	}
	return all
}

// stages splits the checks: required ones and the others, or all in one.
func (a *attempt) stages(n int) [][]labs.Check {
	all := a.checks()
	if n == 1 {
		return [][]labs.Check{all}
	}
	stretch := func(c labs.Check) bool { return c.Kind == labs.Stretch }
	both := [][]labs.Check{
		slices.DeleteFunc(slices.Clone(all), stretch),
		slices.DeleteFunc(slices.Clone(all), func(c labs.Check) bool { return !stretch(c) }),
	}
	return slices.DeleteFunc(both, func(stage []labs.Check) bool { return len(stage) == 0 })
}

// run builds the programs and judges them.
func (a *attempt) run(ctx context.Context, j judging, stages int) {
	seed := rand.Uint64N(1 << 16)
	run := report.Run{Tool: "lab", Version: version(), Command: j.command, Seed: fmt.Sprintf("%04x", seed), Started: a.began, Submission: j.dir,
		Host: report.Host{OS: runtime.GOOS, Arch: runtime.GOARCH, Go: runtime.Version()}, Isolated: j.world.Isolated,
		Why: cmp.Or(j.world.Why, "asked for with --isolate=off")}
	source, err := judge.Load(j.dir) // anew: lab.toml may have been saved
	if err != nil {
		a.updates <- update{err: err}
		return
	}
	submission, err := source.Build(ctx, j.bin)
	var broken *judge.BuildError
	switch {
	case ctx.Err() != nil:
	case errors.As(err, &broken):
		a.conclude(run, a.unbuilt(broken))
	case err != nil:
		a.updates <- update{err: err}
	default:
		a.updates <- update{}
		tell := func(v labs.Verdict) { a.updates <- update{verdict: &v} }
		a.judge(ctx, judge.Judge{World: j.world, Submission: submission, Seed: seed, Lang: j.lang, Done: tell}, run, stages)
	}
}

// unbuilt are the verdicts on programs that do not build.
func (a *attempt) unbuilt(broken *judge.BuildError) []labs.Verdict {
	var verdicts []labs.Verdict
	for _, c := range a.checks() {
		verdicts = append(verdicts, labs.Verdict{Check: c, Outcome: labs.Build, Why: broken.Command + "\n" + broken.Output})
	}
	return verdicts
}

// judge runs one stage after the other, as long as they pass.
func (a *attempt) judge(ctx context.Context, j judge.Judge, run report.Run, stages int) {
	var verdicts []labs.Verdict
	for _, stage := range a.stages(stages) {
		found, err := j.Run(ctx, stage)
		if err != nil {
			return
		}
		j.DiagnoseFirst(ctx, found)
		verdicts = append(verdicts, found...)
		save(run.Submission, verdicts)
		if a.conclude(run, verdicts) != report.StatusPass {
			return
		}
	}
}

// conclude tells what the verdicts come to, and remembers it.
func (a *attempt) conclude(run report.Run, verdicts []labs.Verdict) (status int) {
	for _, lab := range a.wanted {
		found := report.Lab{Lab: lab}
		for _, v := range verdicts {
			if v.Check.Lab == lab.Dir {
				found.Verdicts = append(found.Verdicts, v)
			}
		}
		slices.SortFunc(found.Verdicts, func(x, y labs.Verdict) int { return cmp.Compare(x.Check.Number, y.Check.Number) })
		run.Labs = append(run.Labs, found)
	}
	run.Finished = time.Now()
	remember(run.Submission, run)
	a.updates <- update{result: &run}
	return run.Status()
}
