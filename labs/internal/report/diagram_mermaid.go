package report

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"

	"broadcastlab/labs"
)

// Mermaid gives up beyond 50,000 characters (its maxTextSize), and a summary is no place for so many anyway.
const mermaidRows, mermaidLabel = 60, 80

// Mermaid writes the events of a verdict that matter as a Mermaid sequence diagram, which GitHub and GitLab draw in
// Markdown. It stands in a fenced block of its own: ```mermaid.
func Mermaid(w io.Writer, v labs.Verdict) error {
	_, err := io.WriteString(w, newSequence(cut(what(v), mermaidRows), v.Transcript).mermaid())
	return err
}

func (s sequence) mermaid() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "    "+format+"\n", args...) }
	b.WriteString("sequenceDiagram\n")
	for i, name := range s.lanes {
		line("participant p%d as %s", i, mermaidText(name))
	}
	if len(s.lanes) == 0 {
		line("participant p0 as check")
	}
	if len(s.rows) == 0 {
		line("Note over p0: nothing happened")
	}
	for _, r := range s.rows {
		label := shorten(r.label, mermaidLabel)
		if r.wrong {
			label = "wrong: " + label
		}
		label = mermaidText(label)
		switch {
		case r.isArrow() && r.missing:
			line("p%d--xp%d: %s", r.from, r.to, label)
		case r.isArrow() && r.wrong:
			line("p%d-xp%d: %s", r.from, r.to, label)
		case r.isArrow():
			line("p%d->>p%d: %s", r.from, r.to, label)
		case r.isRemark():
			line("Note over p0%s: %s", s.lastLane(), label)
		default:
			line("Note over p%d: %s", r.from, label)
		}
	}
	return b.String()
}

// lastLane ends the span of a remark.
func (s sequence) lastLane() string {
	if len(s.lanes) < 2 {
		return ""
	}
	return fmt.Sprintf(",p%d", len(s.lanes)-1)
}

var mermaidEnd = regexp.MustCompile(`(?i)\b(e)(nd)\b`)

// mermaidText writes everything that is not a letter, a digit or harmless as Mermaid's own entity, #NN; by decimal code
// point: a semicolon ends a statement, # begins an entity, <br> breaks a line, "wrap:" is a command, a bare "end" ends a block.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune(" .,!?()-/…→", r) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "#%d;", r)
	}
	text := mermaidEnd.ReplaceAllString(strings.TrimSpace(b.String()), "#101;$2")
	if text == "" {
		return "#8203;" // an empty text is a syntax error; this one takes no room
	}
	return text
}
