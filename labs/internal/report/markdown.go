package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"broadcastlab/labs"
)

// Markdown writes the run as a summary for a page that draws Markdown, such as a CI job's: a table of the labs, and for each lab
// that is not well what [Text] tells, with the sequence diagram of its first failure as [Mermaid]. It stays below a megabyte, which is
// what GitHub takes of one step.
func Markdown(w io.Writer, r Run) error {
	p := &page{run: r, width: Style{}.columns(), built: map[string]bool{}}
	var b strings.Builder
	fmt.Fprintf(&b, "## %s %s\n\n", marks[r.outcome()].sign, markdownText(p.summary()))
	b.WriteString("| | Lab | Required | Stretch | Time |\n|---|---|---|---|---|\n")
	for _, l := range r.Labs {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", marks[l.Outcome()].sign, markdownText(suiteName(l)), requiredCount(l), stretchCount(l), seconds(l.Duration()))
	}
	for _, l := range r.Labs {
		p.out.Reset()
		p.failures(l)
		p.reasons(l)
		if p.out.Len() == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s %s\n\n%s", marks[l.Outcome()].sign, markdownText(suiteName(l)), fenced("text", p.out.String()))
		if v, ok := firstFailure(l); ok {
			var diagram strings.Builder
			if err := Mermaid(&diagram, v); err != nil {
				return err
			}
			b.WriteString("\n" + fenced("mermaid", diagram.String()))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", markdownText(strings.Join(r.told(), "; ")))
	_, err := io.WriteString(w, b.String())
	return err
}

// firstFailure is the failure that is told in full: the first of a required check.
func firstFailure(l Lab) (labs.Verdict, bool) {
	i := slices.IndexFunc(l.Verdicts, func(v labs.Verdict) bool { return v.Outcome == labs.Fail && v.Check.Kind == labs.Required })
	if i < 0 {
		return labs.Verdict{}, false
	}
	return l.Verdicts[i], true
}

// fenced is a code block. Its fence is longer than any row of backticks in the text, so that the text cannot end it (CommonMark 4.5).
func fenced(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + text + fence + "\n"
}

// markdownText is a text of one line in which nothing is markup (CommonMark 2.4).
func markdownText(s string) string {
	var b strings.Builder
	for _, r := range oneLine(s) {
		if r < unicode.MaxASCII && unicode.In(r, unicode.Punct, unicode.Symbol) && !strings.ContainsRune(".,:;", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
