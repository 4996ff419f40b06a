package report

import (
	"fmt"
	"strings"

	"broadcastlab/labs"
)

// checkLines is as "✗ 1.3  Several senders at once. (stretch)", wrapped below the title.
func checkLines(v labs.Verdict, took string, o Style, width int) []string {
	title := oneLine(v.Check.Title)
	if v.Check.Kind == labs.Stretch {
		title += " (stretch)"
	}
	return hang(o.mark(v.Outcome)+" "+oneLine(v.Check.ID())+"  "+took, title, width)
}

// timedLines is checkLines with the check's time before its title.
func timedLines(v labs.Verdict, o Style, width int) []string {
	return checkLines(v, padLeft(fmt.Sprintf("%.2f s", v.Duration.Seconds()), len("10.00 s"))+"  ", o, width)
}

// failures tells the lab's first failing required check in full and names the others. A verbose page tells all in
// full, and so does one that was asked for this check alone.
func (p *page) failures(l Lab) {
	told := false
	var others []labs.Verdict
	for _, v := range l.Verdicts {
		if v.Outcome != labs.Fail {
			continue
		}
		first := !told && v.Check.Kind == labs.Required
		if !p.style.Verbose && !first && !p.run.alone() {
			others = append(others, v)
			continue
		}
		if told || p.style.Verbose {
			p.below("")
		}
		p.below(failure(v, p.run, p.style, p.room())...)
		told = true
	}
	named := p.named(others)
	if told {
		named = block(named)
	}
	p.below(named...)
}

// named are checks that fail too, each with its title. On a low terminal their numbers are enough.
func (p *page) named(all []labs.Verdict) (rows []string) {
	var ids []string
	for _, v := range all {
		rows = append(rows, checkLines(v, "", p.style, p.room())...)
		ids = append(ids, oneLine(v.Check.ID()))
	}
	if p.style.longest() < LongestFailure && len(rows) > 1 {
		return hang(p.style.mark(labs.Fail)+" ", strings.Join(ids, ", ")+" too", p.room())
	}
	return rows
}

// alone reports whether the run was one check.
func (r Run) alone() bool { return len(r.Labs) == 1 && len(r.Labs[0].Verdicts) == 1 }

// A reason is why some checks of a lab have neither passed nor failed.
type reason struct {
	verdict labs.Verdict // of the first of them
	ids     []string
}

// gather collects a lab's verdicts of one outcome, those with the same reason together.
func gather(l Lab, outcome labs.Outcome) []reason {
	var out []reason
	at := map[string]int{}
	for _, v := range l.Verdicts {
		if v.Outcome != outcome {
			continue
		}
		key := fmt.Sprintf("%s:%d:%s", v.Whose, v.Line, v.Why)
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out = append(out, reason{verdict: v})
		}
		out[i].ids = append(out[i].ids, oneLine(v.Check.ID()))
	}
	return out
}

// reasons tells why checks did not build, could not be judged or were not run: once each.
func (p *page) reasons(l Lab) {
	for _, outcome := range []labs.Outcome{labs.Build, labs.Error, labs.Skip} {
		for _, r := range gather(l, outcome) {
			if outcome == labs.Build {
				p.notBuilt(r.verdict.Why)
				continue
			}
			text := strings.Join(r.ids, ", ") + "  " + whyNot(r.verdict)
			p.below(hang(p.style.mark(outcome)+" ", text, p.room())...)
			if p.style.Verbose {
				p.below(appendix(r.verdict, p.style, p.room())...)
			}
		}
	}
}

// notBuilt shows the compiler's lines, the first time in full.
func (p *page) notBuilt(why string) {
	if p.built[why] {
		p.below("Does not build or does not start, as above.")
		return
	}
	p.built[why] = true
	const most = 20
	p.below("Your program does not build, or does not start:")
	var rows []string
	for _, line := range lines(why) {
		rows = append(rows, fold(line, p.room()-2)...)
	}
	if !p.style.Verbose {
		rows = keep(rows, most)
	}
	for _, row := range rows {
		p.below("  " + row)
	}
}

// whyNot says why a check could not be judged or was not run, and whose matter it is.
func whyNot(v labs.Verdict) string {
	const longest = 600
	why := strings.TrimRight(shorten(oneLine(v.Why), longest), ".")
	switch {
	case v.Outcome == labs.Skip:
		return "skipped: " + why + "."
	case v.Whose == labs.Script:
		return fmt.Sprintf("could not be judged: %s: %s. The check's script is wrong, not your program.", place(v), why)
	case v.Whose == labs.Kit:
		return "could not be judged: " + why + ". The kit itself is wrong. Nothing is wrong with your program."
	}
	return "could not be judged: " + why + ". Nothing is wrong with your program."
}

// place is the file and line of the script that is to blame.
func place(v labs.Verdict) string {
	if v.Line == 0 {
		return oneLine(v.Check.File)
	}
	return fmt.Sprintf("%s:%d", oneLine(v.Check.File), v.Line)
}

// end counts the labs and says which world the checks ran in.
func (p *page) end() {
	parts := []string{p.summary()}
	if p.run.Seed != "" {
		parts = append(parts, "seed "+oneLine(p.run.Seed))
	}
	last := ""
	switch {
	case p.nothingRan():
	case p.run.Isolated:
		parts = append(parts, "isolated: each check in its own network")
	case p.run.Why != "":
		last = "not isolated: " + strings.TrimRight(oneLine(p.run.Why), ".") + ". Checks that need ports 2000 and 8080 take turns."
	default:
		last = "not isolated: checks that need ports 2000 and 8080 take turns."
	}
	line := strings.Join(parts, "   ")
	if cells(line) > p.width {
		line = parts[0] + "\n" + strings.Join(parts[1:], "   ")
	}
	p.line(line)
	if last != "" {
		for _, row := range fold(last, p.width) {
			p.line(row)
		}
	}
}

// nothingRan reports whether no check got as far as a world to run in.
func (p *page) nothingRan() bool {
	for _, l := range p.run.Labs {
		for _, v := range l.Verdicts {
			if v.Outcome != labs.Build {
				return false
			}
		}
	}
	return true
}

// summary is as "4 of 5 labs pass. 1 could not be judged.", or one check's outcome where it was asked for alone.
func (p *page) summary() string {
	if p.run.alone() {
		v := p.run.Labs[0].Verdicts[0]
		text := "Check " + oneLine(v.Check.ID()) + " " + outcomeWords[v.Outcome] + p.took() + "."
		if v.Outcome == labs.Fail && v.Check.Kind == labs.Stretch {
			text += " It is a stretch check, which never fails its lab."
		}
		return text
	}
	if len(p.run.Labs) == 1 && p.run.Labs[0].Number > 0 {
		l := p.run.Labs[0]
		if l.Outcome() == labs.Build {
			return fmt.Sprintf("Lab %d %s%s.", l.Number, outcomeWords[labs.Build], p.took())
		}
		passed, all := l.Count(labs.Required)
		return fmt.Sprintf("Lab %d %s: %d of %d required checks pass%s.", l.Number, outcomeWords[l.Outcome()], passed, all, p.took())
	}
	count := map[labs.Outcome]int{}
	for _, l := range p.run.Labs {
		count[l.Outcome()]++
	}
	text := fmt.Sprintf("%d of %d labs pass", count[labs.Pass], len(p.run.Labs))
	if len(p.run.Labs) == 1 {
		text = strings.Replace(text, "labs pass", "scripts pass", 1)
	}
	text += p.took() + "."
	for _, outcome := range []labs.Outcome{labs.Build, labs.Error, labs.Skip} {
		if n := count[outcome]; n > 0 {
			text += fmt.Sprintf(" %d %s.", n, outcomeWords[outcome])
		}
	}
	return text
}

// took is the time of the whole run, where it is known.
func (p *page) took() string {
	d := p.run.Finished.Sub(p.run.Started)
	if p.run.Started.IsZero() || d <= 0 {
		return ""
	}
	return " in " + seconds(d)
}

var outcomeWords = map[labs.Outcome]string{
	labs.Pass:  "passes",
	labs.Fail:  "fails",
	labs.Skip:  "skipped",
	labs.Build: "did not build",
	labs.Error: "could not be judged",
}
