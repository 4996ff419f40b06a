package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/report"
)

// What a run leaves beside the submission, in .lab: the transcripts of what did not pass, and the state of the labs. It is a help
// and no result, so a folder that cannot be written is no error. os.Root keeps links that a submission has planted
// there from leading anywhere else.
const (
	keptFolder = ".lab"
	lastFolder = keptFolder + "/last"
	stateFile  = keptFolder + "/state.json"
)

// save keeps the transcripts of the checks that did not pass, and sets Saved in their verdicts.
func save(dir string, verdicts []labs.Verdict) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return
	}
	defer root.Close()
	if root.RemoveAll(lastFolder) != nil || root.MkdirAll(lastFolder, 0o755) != nil {
		return
	}
	for i, v := range verdicts {
		if v.Outcome == labs.Pass || v.Outcome == labs.Skip {
			continue
		}
		folder := path.Join(lastFolder, folderName(v.Check))
		var transcript, diagram bytes.Buffer
		if report.Transcript(&transcript, v.Transcript) != nil || report.SVG(&diagram, v) != nil || root.MkdirAll(folder, 0o755) != nil {
			continue
		}
		for name, data := range map[string][]byte{"transcript.txt": transcript.Bytes(), "diagram.svg": diagram.Bytes(), "script.txtar": []byte(v.Check.Script), "script.log": []byte(v.Log)} {
			if root.WriteFile(path.Join(folder, name), data, 0o644) != nil {
				return
			}
		}
		verdicts[i].Saved = shortPath(filepath.Join(dir, filepath.FromSlash(folder)))
	}
}

func folderName(c labs.Check) string {
	if c.Lab == "" {
		return c.Name
	}
	return c.ID() + "-" + c.Name
}

// shortPath is relative to where we are, where that is shorter.
func shortPath(file string) string {
	here, err := os.Getwd()
	if err != nil {
		return file
	}
	if rel, err := filepath.Rel(here, file); err == nil && len(rel) < len(file) {
		return rel
	}
	return file
}

// A labState is what the last run of a lab found out.
type labState struct {
	Outcome  labs.Outcome `json:"outcome"`
	Passed   int          `json:"passed"` // required checks
	Required int          `json:"required"`
	When     time.Time    `json:"when"`

	Broken    string         `json:"broken,omitempty"`    // with outcome build: the first thing that the compiler says
	Diagnosis string         `json:"diagnosis,omitempty"` // ID of the known mistake that was found; of a part of the lab too
	Hints     map[string]int `json:"hints,omitempty"`     // how many were taken, by ladder
	Restarted map[string]int `json:"restarted,omitempty"` // how many had been, before somebody started over
}

// remember notes the outcome of every lab that was judged whole, and what is known of why it fails. Programs build for all labs or for
// none: if they do not, one check is enough to know it, and once they do, it is over for the labs that were not judged since.
func remember(dir string, run report.Run) {
	states := recall(dir)
	for dir, state := range states {
		if state.Outcome == labs.Build {
			state.Outcome, state.Broken = "", ""
			states[dir] = state
		}
	}
	for _, lab := range run.Labs {
		found, err := labs.Find(lab.Dir)
		if err != nil {
			continue
		}
		state := states[lab.Dir]
		passed, all := lab.Count(labs.Required)
		broken := lab.Outcome() == labs.Build
		whole := broken || all == countRequired(found)
		if whole {
			state.Outcome, state.Passed, state.Required, state.When = lab.Outcome(), passed, all, run.Finished
		}
		if broken {
			state.Broken = firstComplaint(lab.Verdicts)
		}
		if cause, failed := firstCause(lab.Verdicts); whole || failed {
			state.Diagnosis = cause
			states[lab.Dir] = state
		}
	}
	keep(dir, states)
}

var complaint = regexp.MustCompile(`(?m)^.*\w:\d+:.*$`)

// firstComplaint is the first line with a place that a compiler has printed, or else the last line of what it has printed.
func firstComplaint(verdicts []labs.Verdict) string {
	for _, v := range verdicts {
		if v.Outcome != labs.Build {
			continue
		}
		why := strings.TrimSpace(v.Why)
		return strings.TrimSpace(cmp.Or(complaint.FindString(why), why[strings.LastIndex(why, "\n")+1:]))
	}
	return ""
}

// firstCause is the known mistake behind the first failure, required ones first, as it is told in full; empty where nobody knows it. It
// also tells whether there is a failure.
func firstCause(verdicts []labs.Verdict) (id string, failed bool) {
	for _, kind := range []labs.Kind{labs.Required, labs.Stretch} {
		for _, v := range verdicts {
			if v.Failure != nil && v.Check.Kind == kind {
				return v.Failure.CauseID, true
			}
		}
	}
	return "", false
}

// keep writes the states for recall.
func keep(dir string, states map[string]labState) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return
	}
	defer root.Close()
	data, err := json.MarshalIndent(states, "", "  ")
	if err != nil || root.MkdirAll(keptFolder, 0o755) != nil {
		return
	}
	root.WriteFile(stateFile, append(data, '\n'), 0o644)
}

func countRequired(lab labs.Lab) int {
	n := 0
	for _, c := range lab.Checks {
		if c.Kind == labs.Required {
			n++
		}
	}
	return n
}

// recall reads what remember wrote; a state that is not there or not readable is an empty one.
func recall(dir string) map[string]labState {
	states := map[string]labState{}
	if root, err := os.OpenRoot(dir); err == nil {
		defer root.Close()
		if data, err := root.ReadFile(stateFile); err == nil && (json.Unmarshal(data, &states) != nil || states == nil) {
			return map[string]labState{}
		}
	}
	return states
}
