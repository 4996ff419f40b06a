package judge

import (
	"cmp"
	"fmt"
	"slices"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/harness"
)

// This file finds out which of the two programs is wrong, where a check that needs both has failed.

// The judged programs, as scripts start them.
const (
	server = "server"
	client = "client"
)

// A half is one judged program put to the test alone, with a program of the kit's own in the place of the other.
type half struct {
	of           string // ID of the check that failed with both
	program      string
	check        labs.Check
	right, wrong bool   // neither: it could not be judged
	next         string // the step that its failure advises
}

// alone makes, for each failed check that needs both programs, a check of each program that no failure has blamed yet.
func alone(failed, all []labs.Verdict) []half {
	var halves []half
	for _, v := range failed {
		if v.Check.Lab == "" || !needsBoth(v.Check) {
			continue
		}
		for _, program := range []string{server, client} {
			script, ok := harness.Alone(v.Check.Script, program)
			if ok && !failsAlone(all, v.Check.Lab, program) {
				check := labs.Check{Name: v.Check.Name + "-" + program, Kind: labs.MistakeKind, File: program + ".txtar", Script: script}
				halves = append(halves, half{of: v.Check.ID(), program: program, check: check})
			}
		}
	}
	return halves
}

func needsBoth(c labs.Check) bool {
	return harness.Starts(c.Script, server) && harness.Starts(c.Script, client)
}

// failedAlone is the first required check of that lab that failed though it starts that program only, as an ID and the step that its
// failure advises; empty: none.
func failedAlone(all []labs.Verdict, lab, program string) (id, next string) {
	for _, v := range all {
		if v.Outcome == labs.Fail && isAlone(v.Check, lab, program) {
			if v.Failure != nil {
				next = v.Failure.Next
			}
			return v.Check.ID(), next
		}
	}
	return "", ""
}

// failsAlone reports whether there is such a check.
func failsAlone(all []labs.Verdict, lab, program string) bool {
	id, _ := failedAlone(all, lab, program)
	return id != ""
}

// acquitted reports whether a mistake is about the one program that does all it should alone, while the other one does not.
func acquitted(m labs.Mistake, all []labs.Verdict) bool {
	program, other := server, client
	if harness.Starts(m.Script, client) {
		program, other = client, server
	}
	if harness.Starts(m.Script, other) || len(m.Explains) > 0 {
		return false
	}
	passes := slices.ContainsFunc(all, func(v labs.Verdict) bool {
		return v.Outcome == labs.Pass && isAlone(v.Check, m.Lab, program)
	})
	return passes && !failsAlone(all, m.Lab, program) && failsAlone(all, m.Lab, other)
}

// isAlone reports whether a check is a required one of that lab that starts that program only.
func isAlone(c labs.Check, lab, program string) bool {
	return c.Lab == lab && c.Kind == labs.Required && harness.Starts(c.Script, program) && !needsBoth(c)
}

// tellWhose adds a fact to each failure that needs both programs, if it is known which of them is wrong. Where it is one of them, the
// next step is about that one.
func tellWhose(failed, all []labs.Verdict, halves []half) {
	for _, v := range failed {
		if !needsBoth(v.Check) {
			continue
		}
		fact, next := whose(v.Check, all, halves)
		if fact != "" {
			v.Failure.Facts = append([]string{fact}, v.Failure.Facts...)
		}
		v.Failure.Next = cmp.Or(next, v.Failure.Next)
	}
}

// whose says which program is wrong, in one line, and what to do about it; empty where that is not known.
func whose(c labs.Check, all []labs.Verdict, halves []half) (fact, next string) {
	wrong, right, where, advice := map[string]bool{}, map[string]bool{}, map[string]string{}, map[string]string{}
	for _, program := range []string{server, client} {
		if id, next := failedAlone(all, c.Lab, program); id != "" {
			wrong[program], where[program], advice[program] = true, " (check "+id+")", next
			continue
		}
		i := slices.IndexFunc(halves, func(h half) bool { return h.of == c.ID() && h.program == program })
		if i >= 0 {
			wrong[program], right[program], advice[program] = halves[i].wrong, halves[i].right, halves[i].next
		}
	}
	other := map[string]string{server: client, client: server}
	for _, program := range []string{server, client} {
		if wrong[program] && right[other[program]] {
			fact = fmt.Sprintf("it is the %s: alone with the kit's own %s it fails too%s, and your %s does not", program, other[program], where[program], other[program])
			return fact, cmp.Or(advice[program], "Look for it in your "+program+".")
		}
	}
	if wrong[server] && wrong[client] {
		return fmt.Sprintf("it is both: the server fails without your client too%s, and the client without your server%s", where[server], where[client]), ""
	}
	return "", ""
}
