package judge

import (
	"cmp"
	"context"
	"slices"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/harness"
)

// hasty is how long a known mistake's script waits for what should come: the check that failed has waited in full already, and a
// mistake that is not found for lack of time is no harm.
const hasty = 700 * time.Millisecond

// Diagnose finds out which known mistakes explain the checks that failed, and says so in their failures: Cause, CauseID, and in
// Facts which of the two programs is wrong. It runs the mistakes of those labs alone in which a check failed. No verdict changes; a
// mistake's script that does not pass, for whatever reason, says nothing.
func (j Judge) Diagnose(ctx context.Context, verdicts []labs.Verdict) {
	j.diagnose(ctx, failures(verdicts), verdicts, j.InHaste().all)
}

// DiagnoseFirst is Diagnose for who waits for it: it explains the first failure of each lab alone, the one that a report tells in full,
// and of the mistakes that fit finds the first one.
func (j Judge) DiagnoseFirst(ctx context.Context, verdicts []labs.Verdict) {
	first := failures(verdicts)
	// required before stretch
	slices.SortStableFunc(first, func(a, b labs.Verdict) int { return cmp.Compare(a.Check.Kind, b.Check.Kind) })
	seen := map[string]bool{} // labs
	first = slices.DeleteFunc(first, func(v labs.Verdict) bool {
		again := seen[v.Check.Lab]
		seen[v.Check.Lab] = true
		return again
	})
	hasty := j.InHaste()
	hasty.Parallel = j.parallel() // those that come first are not to wait for the others
	run := hasty.all
	if len(first) == 1 {
		run = hasty.untilOneFits
	}
	j.diagnose(ctx, first, verdicts, run)
}

// failures are the verdicts that there is something to say about, in order.
func failures(verdicts []labs.Verdict) []labs.Verdict {
	return slices.DeleteFunc(slices.Clone(verdicts), func(v labs.Verdict) bool { return v.Outcome != labs.Fail || v.Failure == nil })
}

// all runs every script.
func (j Judge) all(ctx context.Context, scripts []labs.Check) []labs.Verdict {
	j.Done = nil
	found, _ := j.Run(ctx, scripts)
	return found
}

// untilOneFits runs scripts in their order until a mistake's script has passed and all before it have ended.
func (j Judge) untilOneFits(ctx context.Context, scripts []labs.Check) []labs.Verdict {
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	ended, fits := make([]bool, len(scripts)), make([]bool, len(scripts))
	return j.runIn(ctx, places(scripts), scripts, func(i int, v labs.Verdict) {
		ended[i], fits[i] = true, v.Outcome == labs.Pass && scripts[i].Lab != ""
		if before := slices.Index(fits, true); before >= 0 && !slices.Contains(ended[:before], false) {
			enough()
		}
	})
}

// diagnose explains failures by what run finds out about the scripts that it is given.
func (j Judge) diagnose(ctx context.Context, failed, verdicts []labs.Verdict, run func(context.Context, []labs.Check) []labs.Verdict) {
	if len(failed) == 0 {
		return
	}
	var scripts []labs.Check
	pairs := alone(failed, verdicts)
	for _, p := range pairs {
		scripts = append(scripts, p.check)
	}
	candidates := j.suspects(failed, verdicts)
	for _, m := range candidates {
		scripts = append(scripts, m.Check())
	}
	found := run(ctx, scripts)
	if ctx.Err() != nil {
		return // cancelled: who called hears of it from ctx
	}
	for i, m := range candidates {
		if v := found[len(pairs)+i]; v.Outcome == labs.Pass {
			blame(failed, m, v.Why)
		}
	}
	for i := range pairs {
		v := found[i]
		pairs[i].wrong, pairs[i].right = v.Outcome == labs.Fail, v.Outcome == labs.Pass
		if v.Failure != nil {
			pairs[i].next = v.Failure.Next
		}
	}
	tellWhose(failed, verdicts, pairs)
}

// InHaste is the judge as he looks for causes: with less patience and, since such scripts mostly wait, with more of them at a time.
func (j Judge) InHaste() Judge {
	j.Parallel = min(4*j.parallel(), 32) // more of them fill the memory of a small machine
	j.patience = hasty
	return j
}

// suspects are the known mistakes that may be the cause of a failure, in the order of the catalogue.
func (j Judge) suspects(failed, all []labs.Verdict) []labs.Mistake {
	var found []labs.Mistake
	for _, lab := range labs.In(j.Lang) {
		for _, m := range lab.Mistakes {
			if !acquitted(m, all) && slices.ContainsFunc(failed, func(v labs.Verdict) bool { return mayExplain(m, v) }) {
				found = append(found, m)
			}
		}
	}
	return found
}

// mayExplain reports whether a mistake can be the reason for that failure, and is about a program that the check has started.
func mayExplain(m labs.Mistake, v labs.Verdict) bool {
	return m.MayExplain(v) && slices.ContainsFunc([]string{server, client}, func(program string) bool {
		return harness.Starts(m.Script, program) && harness.Starts(v.Check.Script, program)
	})
}

// blame names a mistake as the cause of the first failure in each lab that it explains. Where that has a cause already it is noted
// beside it.
func blame(failed []labs.Verdict, m labs.Mistake, sentence string) {
	blamed := map[string]bool{} // labs
	for _, v := range failed {
		if blamed[v.Check.Lab] || !mayExplain(m, v) {
			continue
		}
		blamed[v.Check.Lab] = true
		if v.Failure.CauseID == "" {
			v.Failure.Cause, v.Failure.CauseID = sentence, m.ID
		} else {
			v.Failure.Also = append(v.Failure.Also, m.ID)
		}
	}
}
