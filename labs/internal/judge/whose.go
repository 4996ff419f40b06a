package judge

import (
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
	right, wrong bool // neither: it could not be judged
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
			if ok && failedAlone(all, v.Check.Lab, program) == "" {
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

// failedAlone is the ID of the first required check of that lab that failed though it starts that program only; empty: none.
func failedAlone(all []labs.Verdict, lab, program string) string {
	for _, v := range all {
		if v.Outcome == labs.Fail && isAlone(v.Check, lab, program) {
			return v.Check.ID()
		}
	}
	return ""
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
	return passes && failedAlone(all, m.Lab, program) == "" && failedAlone(all, m.Lab, other) != ""
}

// isAlone reports whether a check is a required one of that lab that starts that program only.
func isAlone(c labs.Check, lab, program string) bool {
	return c.Lab == lab && c.Kind == labs.Required && harness.Starts(c.Script, program) && !needsBoth(c)
}

// tellWhose adds a fact to each failure that needs both programs, if it is known which of them is wrong.
func tellWhose(failed, all []labs.Verdict, halves []half) {
	for _, v := range failed {
		if !needsBoth(v.Check) {
			continue
		}
		if fact := whose(v.Check, all, halves); fact != "" {
			v.Failure.Facts = append([]string{fact}, v.Failure.Facts...)
		}
	}
}

// whose says which program is wrong, in one line; empty where that is not known.
func whose(c labs.Check, all []labs.Verdict, halves []half) string {
	wrong, right, where := map[string]bool{}, map[string]bool{}, map[string]string{}
	for _, program := range []string{server, client} {
		if id := failedAlone(all, c.Lab, program); id != "" {
			wrong[program], where[program] = true, " (check "+id+")"
			continue
		}
		i := slices.IndexFunc(halves, func(h half) bool { return h.of == c.ID() && h.program == program })
		if i >= 0 {
			wrong[program], right[program] = halves[i].wrong, halves[i].right
		}
	}
	other := map[string]string{server: client, client: server}
	for _, program := range []string{server, client} {
		if wrong[program] && right[other[program]] {
			return fmt.Sprintf("it is the %s: alone with the kit's own %s it fails too%s, and your %s does not", program, other[program], where[program], other[program])
		}
	}
	if wrong[server] && wrong[client] {
		return fmt.Sprintf("it is both: the server fails without your client too%s, and the client without your server%s", where[server], where[client])
	}
	return ""
}
