package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"broadcastlab/labs"
	"broadcastlab/labs/internal/report"
)

func newHint(dir *string, lang *language) *cobra.Command {
	again, restart := false, false
	cmd := &cobra.Command{
		Use:   "hint [LAB]",
		Short: "one step more towards what is wrong",
		Long: "Gives one hint at a time: a question first, a sketch at the end. If the last check has found out which mistake it is, the hints\n" +
			"are about that, else about the lab. With no LAB it is the first one that fails. Programs that do not build come before all that.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			source, err := find(*dir)
			if err != nil {
				return err
			}
			call := lang.command()
			if *dir != "" {
				call += " -C " + shown(*dir)
			}
			h := hinting{dir: source.Dir, command: call, lang: lang.Language, states: recall(source.Dir), w: cmd.OutOrStdout(), style: style(cmd.OutOrStdout(), false)}
			lab, err := h.lab(args)
			if err != nil {
				return err
			}
			switch {
			case again:
				return h.again(lab)
			case restart:
				h.restart(lab)
			}
			return h.next(lab)
		},
	}
	cmd.Flags().BoolVar(&again, "again", false, "show the hints that were given already, and no new one")
	cmd.Flags().BoolVar(&restart, "restart", false, "start over with the first hint")
	cmd.MarkFlagsMutuallyExclusive("again", "restart")
	return cmd
}

// A hinting is one call of lab hint.
type hinting struct {
	dir     string
	command string // how a person calls the tool for this submission
	lang    labs.Language
	states  map[string]labState
	w       io.Writer
	style   report.Style
}

// lab is the one that is named, or the first that fails. The zero Lab stands for none.
func (h hinting) lab(names []string) (labs.Lab, error) {
	if len(names) == 1 {
		lab, err := labs.Find(names[0])
		if err != nil {
			return lab, noLab(err)
		}
		return lab.In(h.lang), nil
	}
	catalogue := labs.In(h.lang)
	i := slices.IndexFunc(catalogue, func(lab labs.Lab) bool { return h.states[lab.Dir].Outcome == labs.Fail })
	if i < 0 { // one that passes may have a stretch check that does not
		i = slices.IndexFunc(catalogue, func(lab labs.Lab) bool { return h.states[lab.Dir].Diagnosis != "" })
	}
	if i < 0 {
		return labs.Lab{}, nil
	}
	return catalogue[i], nil
}

// giveHint is the key h of lab watch.
func (s *session) giveHint(w io.Writer, v labs.Verdict) error {
	lab, err := labs.Find(v.Check.Lab)
	if err != nil {
		return err
	}
	return hinting{dir: s.dir, command: s.command, lang: s.lang, states: recall(s.dir), w: w, style: s.view.style()}.next(lab.In(s.lang))
}

// general is the ladder of a failure that is no known mistake: the lab's own.
const general = "lab"

// ladder is what the hints are about, and the hints.
func (h hinting) ladder(lab labs.Lab) (name string, steps []string) {
	m, ok := labs.FindMistake(h.states[lab.Dir].Diagnosis, h.lang)
	if !ok {
		return general, lab.Hints
	}
	there := ""
	if p, ok := findPlace(h.dir, m); ok {
		there = " " + fmt.Sprintf(phrase(h.lang, "Look at %s:%d: `%s`."), p.file, p.line, p.text)
	}
	for _, hint := range m.Hints {
		steps = append(steps, strings.Replace(hint, " "+labs.Place, there, 1))
	}
	return m.ID, steps
}

// taken is how many steps of a ladder were given since it was last started. The state is a file that anybody may have edited.
func taken(state labState, ladder string, steps []string) int {
	return min(max(state.Hints[ladder], 0), len(steps))
}

// hintsUsed is how many hints on a lab were given, of all its ladders. Who starts over has read what was read.
func hintsUsed(lab labs.Lab, state labState) int {
	known := func(ladder string, steps []string) int {
		return max(taken(state, ladder, steps), min(state.Restarted[ladder], len(steps)))
	}
	ladders := map[string]int{} // those of mistakes that are another lab's too
	maps.Copy(ladders, state.Hints)
	maps.Copy(ladders, state.Restarted)
	used := known(general, lab.Hints)
	for id := range ladders {
		if m, ok := labs.FindMistake(id, labs.English); ok {
			used += known(m.ID, m.Hints)
		}
	}
	return used
}

// next gives the next hint, and notes that it was given.
func (h hinting) next(lab labs.Lab) error {
	state := h.states[lab.Dir]
	name, steps := h.ladder(lab)
	n := taken(state, name, steps)
	broken, line := h.broken()
	switch {
	case broken != 0:
		return errors.Join(h.say("Your programs do not build: %s", line), h.say("All that the compiler says:  %s check %d", h.command, broken))
	case lab.Number == 0:
		return h.say("Nothing has failed so far. Judge your programs:  %s check", h.command)
	case state.Outcome == labs.Pass && state.Diagnosis == "":
		return h.say("Lab %d passes: there is nothing to give a hint on.", lab.Number)
	case n == len(steps):
		return h.say("You have had all %d hints on this. Start over:  %s hint %d --restart      The lesson:  %s show %d",
			n, h.command, lab.Number, h.command, lab.Number)
	}
	if state.Hints == nil {
		state.Hints = map[string]int{}
	}
	state.Hints[name] = n + 1
	h.states[lab.Dir] = state
	keep(h.dir, h.states)
	if err := h.give(n+1, steps); err != nil {
		return err
	}
	if n+1 == len(steps) {
		return h.say("That was the last one. Start over:  %s hint %d --restart", h.command, lab.Number)
	}
	return h.say("The next one:  %s hint %d", h.command, lab.Number)
}

// broken is the first lab in which the last run found programs that do not build, and what the compiler said; zero: they do.
func (h hinting) broken() (lab int, line string) {
	for _, lab := range labs.All() {
		if state := h.states[lab.Dir]; state.Outcome == labs.Build {
			return lab.Number, state.Broken
		}
	}
	return 0, ""
}

// restart begins the ladder anew that the next hint is from.
func (h hinting) restart(lab labs.Lab) {
	state := h.states[lab.Dir]
	name, steps := h.ladder(lab)
	if state.Restarted == nil {
		state.Restarted = map[string]int{}
	}
	state.Restarted[name] = max(state.Restarted[name], taken(state, name, steps))
	delete(state.Hints, name)
	h.states[lab.Dir] = state
}

// again repeats the hints that were given.
func (h hinting) again(lab labs.Lab) error {
	state := h.states[lab.Dir]
	name, steps := h.ladder(lab)
	n := taken(state, name, steps)
	if n == 0 {
		return h.say("No hint was given so far.")
	}
	for i := range n {
		if err := h.give(i+1, steps); err != nil {
			return err
		}
	}
	return nil
}

// give writes the nth hint of a ladder.
func (h hinting) give(n int, steps []string) error {
	heading := fmt.Sprintf(phrase(h.lang, "Hint %d of %d."), n, len(steps))
	return report.Hint(h.w, heading, steps[n-1], h.style)
}

func (h hinting) say(format string, args ...any) error {
	return report.Hint(h.w, "", fmt.Sprintf(phrase(h.lang, format), args...), h.style)
}
