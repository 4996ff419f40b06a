package report

import (
	"cmp"
	"fmt"
	"strings"

	"broadcastlab/labs"
)

// LongestFailure is how many lines a failure told in full may take: what fits on a screen with the prompt around it.
// Within it an excerpt has at most mostRows and at least fewestRows, one of which may say how many were cut, and facts take at
// most mostFacts.
const (
	LongestFailure = 25 // unless a Style says fewer
	mostFacts      = 5
	mostRows       = 8
	fewestRows     = 4
)

// failure tells one failing check in full: what happened, expected and heard, the events that matter, what the
// system says, what to do next. In a verbose style the whole transcript and the script's log follow.
func failure(v labs.Verdict, r Run, o Style, width int) []string {
	out := story(v, r, o, width, 2, false)
	if len(out) > o.longest() {
		out = story(v, r, o, width, 1, false)
	}
	if len(out) > o.longest() {
		out = story(v, r, o, width, 1, true)
	}
	if o.Verbose {
		out = append(out, appendix(v, o, width)...)
	}
	return out
}

// story is a failure in which the parts of one sentence take at most so many lines each. A brief one has no empty lines, and does not
// say how to repeat it.
func story(v labs.Verdict, r Run, o Style, width, most int, brief bool) []string {
	block := block
	if brief {
		block = func(part []string) []string { return part }
	}
	f := v.Failure
	if f == nil {
		f = &labs.Failure{Headline: v.Why}
	}
	out := checkTitle(v, o, width, most)
	out = append(out, block(headline(f, v, o, width))...)
	out = append(out, block(pair(f.Expected, f.Heard, o, width, most))...)
	advice := advice(f, v, r, o, width, most+1)
	if !brief {
		advice = append(advice, repetition(f, v, r, o, width, most+2)...)
	}
	room := o.longest() - len(out) - len(advice) - 1 // for the facts and the excerpt, with the empty line before each
	facts := facts(f, max(1, min(mostFacts, room-min(len(f.Excerpt), fewestRows)-1)), o, width)
	if len(f.Excerpt) > 0 {
		rows := around(f.Excerpt, excerpt(f.Excerpt, o, width), max(fewestRows, min(mostRows, room-len(facts)-1)))
		out = append(out, block(picture(newSequence(f.Excerpt, v.Transcript), rows, o, width, room-len(facts)-1))...)
	}
	return append(out, block(append(facts, advice...))...)
}

// block puts an empty line before a part, if there is a part.
func block(part []string) []string {
	if len(part) == 0 {
		return nil
	}
	return append([]string{""}, part...)
}

// checkTitle is the check's own sentence, and the sentence of its script that did not hold where that is another one.
func checkTitle(v labs.Verdict, o Style, width, most int) []string {
	out := keep(checkLines(v, "", o, width), 2)
	if v.Phase != "" && v.Phase != v.Check.Title {
		indent := strings.Repeat(" ", cells("x "+v.Check.ID()+"  "))
		for _, row := range squeeze(oneLine(v.Phase), width-len(indent), most) {
			out = append(out, indent+row)
		}
	}
	return out
}

func headline(f *labs.Failure, v labs.Verdict, o Style, width int) []string {
	text := f.Headline
	if text == "" {
		text = v.Phase
	}
	if text == "" {
		return nil
	}
	const most = 3
	var out []string
	for _, line := range squeeze(oneLine(text), width, most) {
		out = append(out, o.paint(bold, line))
	}
	return out
}

// labelled puts a label before the first of some rows and aligns the others below it.
func labelled(label string, rows []string, o Style) []string {
	var out []string
	for i, r := range rows {
		if i > 0 {
			label = ""
		}
		out = append(out, o.paint(dim, pad(label, labelWidth))+r)
	}
	return out
}

const labelWidth = len("expected") + 2

// pair shows expected above heard. Where they are too long it cuts what they have in common at the start, so that the
// difference is on the screen.
func pair(expected, heard string, o Style, width, most int) []string {
	expected, heard = oneLine(expected), oneLine(heard)
	room := width - labelWidth
	if expected != "" && heard != "" && max(cells(expected), cells(heard)) > most*room {
		expected, heard = cutCommon(expected, heard, most*room)
	}
	var out []string
	if expected != "" {
		out = labelled("expected", squeeze(expected, room, most), o)
	}
	if heard != "" {
		out = append(out, labelled("heard", squeeze(heard, room, most), o)...)
	}
	return out
}

func cutCommon(a, b string, room int) (string, string) {
	x, y := []rune(a), []rune(b)
	same := 0
	for same < min(len(x), len(y)) && x[same] == y[same] {
		same++
	}
	const context = 10
	if same < room/3 {
		return a, b
	}
	cut := same - context
	return cutMark(cut) + string(x[cut:]), cutMark(cut) + string(y[cut:])
}

// facts is what the system says, in at most so many lines: two for each fact, or one where not all would be told.
func facts(f *labs.Failure, most int, o Style, width int) []string {
	told := func(each int) (rows []string) {
		for _, fact := range f.Facts {
			rows = append(rows, squeeze(oneLine(fact), width-labelWidth, each)...)
		}
		return rows
	}
	rows := told(2)
	if len(rows) > most {
		rows = told(1)
	}
	return labelled("facts", keep(rows, most), o)
}

// advice is what to do: the cause if it is known, the next step, where hints are.
func advice(f *labs.Failure, v labs.Verdict, r Run, o Style, width, most int) []string {
	room := width - labelWidth
	out := cause(f, o, room, most)
	if next := nextStep(f, v.Check, r); next != "" {
		out = append(out, labelled("next", squeeze(oneLine(next), room, most), o)...)
	}
	if hints := ownHints(f, v.Check, r); hints != "" {
		out = append(out, labelled("hints", []string{shorten(hints, room)}, o)...)
	}
	return out
}

// repetition is how to see it again, by hand and with the kit, and where all that was seen is kept.
func repetition(f *labs.Failure, v labs.Verdict, r Run, o Style, width, most int) []string {
	room := width - labelWidth
	var byHand []string
	for _, command := range f.ByHand {
		byHand = append(byHand, shorten(oneLine(command), room))
	}
	out := labelled("by hand", keep(byHand, most), o)
	out = append(out, labelled("again", []string{shorten(again(v.Check, r), room)}, o)...)
	if v.Saved != "" {
		out = append(out, labelled("more", []string{shorten(oneLine(v.Saved), room)}, o)...)
	}
	return out
}

// cause is the known mistake behind a failure, with its name.
func cause(f *labs.Failure, o Style, room, most int) []string {
	if f.Cause == "" {
		return nil
	}
	out := labelled("cause", squeeze(oneLine(f.Cause)+"   ["+oneLine(f.CauseID)+"]", room, most), o)
	if o.Verbose && len(f.Also) > 0 {
		out = append(out, labelled("fits too", squeeze(oneLine(strings.Join(f.Also, ", ")), room, 1), o)...)
	}
	return out
}

// nextStep is what to do now. Where the cause is known it has a ladder of hints, and the first step is a question. Where only an
// earlier failure's cause is known, that comes first: a question could lead away from it.
func nextStep(f *labs.Failure, c labs.Check, r Run) string {
	if f.Cause != "" {
		return hintCommand(c, r)
	}
	return cmp.Or(mendFirst(c, r), f.Next)
}

// mendFirst is the advice to mend the first check of c's lab that has failed for a known cause, in the lab's language. It is empty if
// none comes before c.
func mendFirst(c labs.Check, r Run) string {
	for _, l := range r.Labs {
		if l.Dir != c.Lab {
			continue
		}
		for _, v := range l.Verdicts {
			if v.Check.ID() == c.ID() {
				return ""
			}
			if v.Outcome == labs.Fail && v.Failure != nil && v.Failure.Cause != "" {
				return fmt.Sprintf(mend[l.language()], oneLine(v.Check.ID()))
			}
		}
	}
	return ""
}

var mend = map[labs.Language]string{
	labs.English:    "Mend %s first: its cause is known, and this may come of it too.",
	labs.Indonesian: "Perbaiki %s dulu: penyebabnya sudah diketahui, dan kegagalan ini mungkin akibatnya juga.",
}

// ownHints is the command that gives hints on the lab, where no cause is known. A lab does not fail by a stretch check.
func ownHints(f *labs.Failure, c labs.Check, r Run) string {
	if f.Cause != "" || c.Lab == "" || c.Kind != labs.Required {
		return ""
	}
	return hintCommand(c, r)
}

func hintCommand(c labs.Check, r Run) string {
	lab, _, _ := strings.Cut(c.ID(), ".")
	return cmp.Or(r.Command, "lab") + " hint " + lab
}

// again is the command that repeats one check with the same texts.
func again(c labs.Check, r Run) string {
	what := c.ID()
	if c.Lab == "" {
		what = c.File
	}
	command := cmp.Or(r.Command, "lab") + " check " + oneLine(what)
	if r.Seed != "" {
		command += " --seed " + oneLine(r.Seed)
	}
	return command
}

// appendix is what a verbose report adds to a failure.
func appendix(v labs.Verdict, o Style, width int) []string {
	var out []string
	if len(v.Transcript) > 0 {
		out = append(out, "", o.paint(dim, "the whole transcript"))
		out = append(out, excerpt(v.Transcript, o, width)...)
	}
	if strings.TrimSpace(v.Log) != "" {
		out = append(out, "", o.paint(dim, "the script's log, "+oneLine(v.Check.File)))
		for _, line := range lines(v.Log) {
			out = append(out, fold(line, width)...)
		}
	}
	return out
}
