// Package judge finds out whether a submission does what the checks state.
//
// A submission is built once; then each check runs in a pod of its own, several at a time, and comes back as a verdict. The judged programs run
// in the pod only, and verdicts come from what the kit's own first process there has seen.
package judge

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/harness"
	"broadcastlab/labs/internal/pod"
)

// checkLimit ends a check that its own patience has not ended: a bug of the kit, or a machine that stands still.
const checkLimit = 3 * time.Minute

// Main is the first call in main, and in TestMain, of every program that judges: in a pod's first process it does the pod's work, one
// check or what more names, and exits.
func Main(more ...Kind) {
	kinds := append([]Kind{{"check", runCheck}}, more...)
	pod.Main(func(ctx context.Context, in io.Reader, out io.Writer) int { return first(ctx, kinds, in, out) })
}

// runCheck runs one check, in its pod.
func runCheck(ctx context.Context, in *gob.Decoder, out io.Writer) (int, error) {
	var job harness.Job
	if err := in.Decode(&job); err != nil {
		return 1, fmt.Errorf("read the job: %w", err)
	}
	if err := gob.NewEncoder(out).Encode(harness.Run(ctx, job)); err != nil {
		return 1, fmt.Errorf("write the verdict: %w", err)
	}
	return 0, nil
}

// A Judge runs checks on one submission that is built.
type Judge struct {
	World      pod.World
	Submission harness.Submission
	Seed       uint64
	Lang       labs.Language      // of the diagnoses; that of the checks is theirs
	Parallel   int                // checks at a time; zero means by the number of processors
	Hurry      int                // see harness.Job
	Done       func(labs.Verdict) // called for each verdict as it comes, one at a time; may be nil

	patience time.Duration // see harness.Job
}

// Run judges all checks and returns their verdicts in the same order. Cancelled, it returns ctx's error.
func (j Judge) Run(ctx context.Context, checks []labs.Check) ([]labs.Verdict, error) {
	done := func(_ int, v labs.Verdict) {
		if j.Done != nil {
			j.Done(v)
		}
	}
	return j.runIn(ctx, j.order(checks), checks, done), ctx.Err()
}

// runIn judges checks in that order, and calls done with the place and the verdict of each as it comes, one at a time.
func (j Judge) runIn(ctx context.Context, order []int, checks []labs.Check, done func(int, labs.Verdict)) []labs.Verdict {
	verdicts := make([]labs.Verdict, len(checks))
	turns := make(chan struct{}, j.parallel())
	var running sync.WaitGroup
	var telling sync.Mutex
	race := j.raceBuild(ctx)
	for _, i := range order {
		turns <- struct{}{}
		running.Go(func() {
			defer func() { <-turns }()
			verdicts[i] = j.check(ctx, checks[i], race)
			telling.Lock()
			defer telling.Unlock()
			done(i, verdicts[i])
		})
	}
	running.Wait()
	return verdicts
}

// parallel is how many checks run at a time. They mostly wait, so there are more than processors.
func (j Judge) parallel() int {
	if j.Parallel > 0 {
		return j.Parallel
	}
	return 4 * runtime.GOMAXPROCS(0)
}

// order puts checks that wait for a time limit of the program, or for a build, first, so that the others run meanwhile.
func (j Judge) order(checks []labs.Check) []int {
	order := places(checks)
	waits := func(i int) int {
		if strings.Contains(checks[i].Script, "-within") || harness.UsesRace(checks[i].Script) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(order, func(a, b int) int { return waits(a) - waits(b) })
	return order
}

// places are those of the checks, as they stand.
func places(checks []labs.Check) []int {
	all := make([]int, len(checks))
	for i := range all {
		all[i] = i
	}
	return all
}

// check runs one check in a pod of its own.
func (j Judge) check(ctx context.Context, check labs.Check, race func() harness.NoRace) labs.Verdict {
	job := harness.Job{Check: check, Submission: j.Submission, Seed: j.Seed, Isolated: j.World.Isolated, Patience: j.patience, Hurry: j.Hurry}
	if harness.UsesRace(check.Script) {
		job.NoRace = race()
	}
	v, err := j.inPod(ctx, job)
	if err != nil {
		v = labs.Verdict{Outcome: labs.Error, Whose: labs.Kit, Why: err.Error(), Duration: v.Duration}
		if errors.Is(err, errMachine) {
			v.Whose = labs.Machine
		}
	}
	v.Check = check
	return v
}

// errMachine is what is the machine's fault, not the kit's.
var errMachine = errors.New("this machine")

func (j Judge) inPod(ctx context.Context, job harness.Job) (v labs.Verdict, err error) {
	if err := ctx.Err(); err != nil {
		return v, err
	}
	if !j.World.Isolated {
		unlock, err := takeTurns(ctx, harness.Ports(job))
		if err != nil {
			return v, err
		}
		defer unlock()
	}
	ctx, cancel := context.WithTimeoutCause(ctx, checkLimit, fmt.Errorf("the check did not end within %v", checkLimit))
	defer cancel()
	if job.Work, err = os.MkdirTemp("", "lab-"); err != nil {
		return v, fmt.Errorf("%w: %v", errMachine, err)
	}
	defer os.RemoveAll(job.Work)
	in, err := Job("check", job)
	if err != nil {
		return v, err
	}
	began := time.Now()
	out, err := j.World.Run(ctx, in)
	if err == nil {
		err = gob.NewDecoder(bytes.NewReader(out)).Decode(&v)
	}
	v.Duration = time.Since(began)
	return v, err
}

// takeTurns waits until no other check of this machine uses the ports. It locks each port once, whatever the hosts, and in
// order, so that no check waits for itself and no two for each other.
func takeTurns(ctx context.Context, addrs []netip.AddrPort) (unlock func(), err error) {
	var ports []uint16
	for _, a := range addrs {
		ports = append(ports, a.Port())
	}
	slices.Sort(ports)
	var unlocks []func()
	unlock = func() {
		for _, u := range unlocks {
			u()
		}
	}
	for _, p := range slices.Compact(ports) {
		u, err := pod.LockPort(ctx, p)
		if err != nil {
			unlock()
			if ctx.Err() != nil {
				return nil, err // called off
			}
			return nil, fmt.Errorf("%w: %v", errMachine, err)
		}
		unlocks = append(unlocks, u)
	}
	return unlock, nil
}
