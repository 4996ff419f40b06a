package report

import (
	"encoding/json"
	"io"
	"time"

	"broadcastlab/labs"
)

// Schema names the record that JSON writes. Keys may be added under this name; none changes its meaning.
const Schema = "broadcastlab/run/v1"

// The record. Texts are what the programs wrote, not made visible; bytes that are not UTF-8 become U+FFFD.
// Times are milliseconds, save at_ns of an event.
type (
	record struct {
		Schema     string      `json:"schema"`
		Tool       string      `json:"tool"`
		Version    string      `json:"version"`
		Commit     string      `json:"commit"` // the submission's; empty where it is not known
		Seed       string      `json:"seed"`
		Started    time.Time   `json:"started"`
		Finished   time.Time   `json:"finished"`
		Host       Host        `json:"host,omitzero"`
		Isolated   bool        `json:"isolated"`
		Why        string      `json:"why_not_isolated,omitempty"`
		Submission string      `json:"submission"`
		BuildTime  int64       `json:"build_ms"`
		Status     int         `json:"status"` // the exit status of lab check
		Labs       []labRecord `json:"labs"`
	}
	labRecord struct {
		ID       string       `json:"id"`
		Title    string       `json:"title"`
		Order    int          `json:"order"`
		Requires []string     `json:"requires"` // IDs of the labs whose solution it begins with: the one before
		Points   int          `json:"points"`   // one for each required check
		Earned   int          `json:"earned"`
		Stretch  int          `json:"stretch_points"`
		Bonus    int          `json:"stretch_earned"`
		Verdict  labs.Outcome `json:"verdict"`
		Duration int64        `json:"duration_ms"`
		Hints    int          `json:"hints_used,omitempty"` // how many hints on this lab its author has asked for so far
		Cases    []caseRecord `json:"cases"`
	}
	caseRecord struct {
		ID          string       `json:"id"`
		Name        string       `json:"name"`
		Title       string       `json:"title"`
		Kind        labs.Kind    `json:"kind"`
		Verdict     labs.Outcome `json:"verdict"`
		Whose       labs.Whose   `json:"whose,omitempty"`
		Why         string       `json:"why,omitempty"`
		Points      int          `json:"points"`
		Earned      int          `json:"earned"`
		Duration    int64        `json:"duration_ms"`
		File        string       `json:"file"`
		Line        int          `json:"line,omitempty"`
		Phase       string       `json:"phase,omitempty"`
		Diagnosis   *diagnosis   `json:"diagnosis,omitempty"`
		Transcript  []labs.Event `json:"transcript,omitempty"` // only where the check did not pass
		Log         string       `json:"log,omitempty"`        // only where the check could not be judged
		Attachments []attachment `json:"attachments,omitempty"`
	}
	diagnosis struct {
		ID       string       `json:"id,omitempty"` // of the known mistake that it is
		Cause    string       `json:"cause,omitempty"`
		Also     []string     `json:"also,omitempty"` // IDs of others that fit
		Headline string       `json:"headline"`
		Evidence []labs.Event `json:"evidence,omitempty"`
		Expected string       `json:"expected,omitempty"`
		Actual   string       `json:"actual,omitempty"`
		Facts    []string     `json:"facts,omitempty"`
		Next     string       `json:"next,omitempty"`
		Repro    []string     `json:"repro,omitempty"`
	}
	attachment struct {
		Name      string `json:"name"`
		MediaType string `json:"media_type"`
		Path      string `json:"path"`
	}
)

// JSON writes the run as one record. It is the source of every other machine-readable result.
func JSON(w io.Writer, r Run) error {
	out := record{
		Schema: Schema, Tool: r.Tool, Version: r.Version, Commit: r.Commit, Seed: r.Seed,
		Started: r.Started, Finished: r.Finished, Host: r.Host, Isolated: r.Isolated, Why: r.Why,
		Submission: r.Submission, BuildTime: r.BuildTime.Milliseconds(), Status: r.Status(),
		Labs: []labRecord{},
	}
	for _, l := range r.Labs {
		out.Labs = append(out.Labs, recordLab(l))
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

func recordLab(l Lab) labRecord {
	out := labRecord{
		ID: l.Dir, Title: l.Title, Order: l.Number, Requires: []string{}, Verdict: l.Outcome(),
		Duration: l.Duration().Milliseconds(), Hints: l.HintsUsed, Cases: []caseRecord{},
	}
	if all := labs.All(); l.Number > 1 && l.Number <= len(all) {
		out.Requires = append(out.Requires, all[l.Number-2].Dir)
	}
	out.Earned, out.Points = l.Count(labs.Required)
	out.Bonus, out.Stretch = l.Count(labs.Stretch)
	for _, v := range l.Verdicts {
		out.Cases = append(out.Cases, recordCase(v))
	}
	return out
}

func recordCase(v labs.Verdict) caseRecord {
	out := caseRecord{
		ID: v.Check.ID(), Name: v.Check.Name, Title: v.Check.Title, Kind: v.Check.Kind, Verdict: v.Outcome,
		Whose: v.Whose, Why: v.Why, Points: 1, Duration: v.Duration.Milliseconds(),
		File: v.Check.File, Line: v.Line, Phase: v.Phase,
	}
	if v.Outcome == labs.Pass {
		out.Earned = 1
	} else {
		out.Transcript = v.Transcript
	}
	if v.Outcome == labs.Error {
		out.Log = v.Log
	}
	if f := v.Failure; f != nil {
		out.Diagnosis = &diagnosis{
			ID: f.CauseID, Cause: f.Cause, Also: f.Also,
			Headline: f.Headline, Evidence: f.Excerpt, Expected: f.Expected, Actual: f.Heard,
			Facts: f.Facts, Next: f.Next, Repro: f.ByHand,
		}
	}
	if v.Saved != "" {
		out.Attachments = []attachment{{Name: "saved", MediaType: "inode/directory", Path: v.Saved}}
	}
	return out
}
