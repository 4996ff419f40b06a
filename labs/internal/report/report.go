// Package report says what a run of checks found out, to a person and to machines: one writer for each format.
//
// Each writer is a pure function of the run: it asks no clock, no file and no environment. What the judged programs
// printed is hostile until proved otherwise, so no byte of it reaches a terminal or an XML file before Visible.
package report

import (
	"cmp"
	"time"

	"broadcastlab/labs"
)

// Run is all that one call of lab check found out.
type Run struct {
	Tool, Version     string
	Commit            string // that the submission's folder has checked out; empty where that is not known
	Command           string // how a person calls the tool, as in "go tool lab"; empty means "lab"
	Seed              string
	Started, Finished time.Time
	Isolated          bool          // each check had a network of its own
	Why               string        // why not, in one line; only when not isolated
	Host              Host          // where it ran; left out of the record when zero
	Submission        string        // the folder, as the person named it
	BuildTime         time.Duration // zero where nothing was built
	Labs              []Lab
}

// Host is the machine of a run.
type Host struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	Go   string `json:"go"`
}

// Lab is one lab with what its checks found out, in the order of the checks.
type Lab struct {
	labs.Lab
	Verdicts  []labs.Verdict
	HintsUsed int // how many hints on it the submission's author has asked for so far
}

// language is the one that the lab is told in.
func (l Lab) language() labs.Language {
	if l.Lesson != "" && l.Lesson == l.Indonesian.Lesson {
		return labs.Indonesian
	}
	return labs.English
}

// Style is how a text is laid out. The zero value is plain text for a log.
type Style struct {
	Color   bool // with colours; they are never the only sign
	Verbose bool // every check by name, every failure in full with its whole transcript and the script's log
	Width   int  // columns of the terminal; zero means none, and no line is longer than 100
	Longest int  // lines that a failure may take, on a low terminal; zero means 25. What it can do without is left out, not what happened
}

func (o Style) longest() int { return cmp.Or(o.Longest, LongestFailure) }

// The exit statuses of lab check. 2 is for wrong usage, which never gets as far as a run.
const (
	StatusPass     = 0 // every lab passes
	StatusFail     = 1 // some lab fails
	StatusBuild    = 3 // the submission does not build
	StatusUnjudged = 4 // nothing failed, but something could not be judged
)

// Outcome is how the lab ended. Only required checks count, save that a program which does not build has built for
// no check at all. A failure outweighs what could not be judged; a lab with stretch checks alone passes.
func (l Lab) Outcome() labs.Outcome {
	var required, failed, unjudged, skipped int
	for _, v := range l.Verdicts {
		if v.Outcome == labs.Build {
			return labs.Build
		}
		if v.Check.Kind != labs.Required {
			continue
		}
		required++
		switch v.Outcome {
		case labs.Fail:
			failed++
		case labs.Error:
			unjudged++
		case labs.Skip:
			skipped++
		}
	}
	switch {
	case failed > 0:
		return labs.Fail
	case unjudged > 0:
		return labs.Error
	case required > 0 && skipped == required:
		return labs.Skip
	}
	return labs.Pass
}

// Count returns how many checks of a kind there are in the lab, and how many of them pass.
func (l Lab) Count(kind labs.Kind) (passed, all int) {
	for _, v := range l.Verdicts {
		if v.Check.Kind != kind {
			continue
		}
		all++
		if v.Outcome == labs.Pass {
			passed++
		}
	}
	return passed, all
}

// Duration is the time of the lab's longest check: they run side by side.
func (l Lab) Duration() time.Duration {
	var longest time.Duration
	for _, v := range l.Verdicts {
		longest = max(longest, v.Duration)
	}
	return longest
}

// Status is the exit status of lab check. Stretch checks never change it, save that a stretch check with a wrong
// script could not be judged. A run that judged nothing has not passed.
func (r Run) Status() int {
	seen := map[labs.Outcome]bool{}
	for _, lab := range r.Labs {
		seen[lab.Outcome()] = true
		for _, v := range lab.Verdicts {
			if v.Outcome == labs.Error && v.Whose == labs.Script {
				seen[labs.Error] = true
			}
		}
	}
	switch {
	case seen[labs.Build]:
		return StatusBuild
	case seen[labs.Fail]:
		return StatusFail
	case seen[labs.Error] || !seen[labs.Pass]:
		return StatusUnjudged
	}
	return StatusPass
}
