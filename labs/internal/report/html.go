package report

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"broadcastlab/labs"
)

// Generator marks a page as one of ours, in its meta element of that name: such a page may be written over.
const Generator = "broadcastlab lab check"

// Of a transcript a page shows so many rows, and so much of each. The files of a run hold more.
const (
	pageDrawn   = 300
	pageRows    = 1000
	pageColumns = 400
)

// HTML writes the run as one page: no script, no network, all in one file. Its Content-Security-Policy has the browser
// see to that, whatever a judged program has printed.
func HTML(w io.Writer, r Run) error {
	v := htmlPage{
		Generator: Generator, Submission: oneLine(r.Submission), Status: marks[r.outcome()].sign, Class: r.outcome(), Summary: r.summary(),
		Facts: r.told(),
	}
	for _, l := range r.Labs {
		v.Labs = append(v.Labs, newHTMLLab(l, r))
	}
	return templates.ExecuteTemplate(w, "page", v)
}

// What the template writes. Every text in it is of one line and visible; the template escapes it for its place.
type (
	htmlPage struct {
		Generator, Submission string
		Status, Summary       string
		Class                 labs.Outcome
		Facts                 []string
		Labs                  []htmlLab
	}
	htmlLab struct {
		Number, Title, Sign, Word string
		Counts                    []string
		Class                     labs.Outcome
		Checks                    []htmlCheck
		Lang                      labs.Language // of the lesson
		Lesson                    template.HTML // goldmark's, of the catalogue's own Markdown, raw HTML left out
	}
	htmlCheck struct {
		ID, Title, Sign, Word, Took string
		Class                       labs.Outcome
		Stretch                     bool
		Why                         string   // why it was not judged or not run
		Build                       []string // the compiler's lines
		Story                       *htmlStory
		Transcript                  []string
		Whole                       *svgPicture
	}
	htmlStory struct {
		Phase, Headline, Expected, Heard string
		Picture                          *svgPicture // nil where the rows say more
		Rows                             []string
		Facts, ByHand                    []string
		Cause, CauseID, Next, Hints      string
		Again, Saved                     string
	}
)

// outcome is the run's, as its exit status tells it.
func (r Run) outcome() labs.Outcome {
	return map[int]labs.Outcome{StatusPass: labs.Pass, StatusFail: labs.Fail, StatusBuild: labs.Build, StatusUnjudged: labs.Error}[r.Status()]
}

func (r Run) summary() string { return (&page{run: r}).summary() }

// told is what the end of a page says about how the run was made.
func (r Run) told() []string {
	var facts []string
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, label+oneLine(value))
		}
	}
	if !r.Finished.IsZero() {
		add("judged ", r.Finished.UTC().Format("2 January 2006, 15:04 UTC"))
	}
	add("seed ", r.Seed)
	if r.Isolated {
		add("", "isolated: each check in its own network")
	} else {
		add("not isolated", strings.TrimSuffix(": "+r.Why, ": "))
	}
	add("lab ", r.Version)
	add("", strings.TrimSpace(r.Host.OS+" "+r.Host.Arch+" "+r.Host.Go))
	return facts
}

func newHTMLLab(l Lab, r Run) htmlLab {
	out := htmlLab{
		Number: labNumber(l), Title: labName(l), Sign: marks[l.Outcome()].sign, Word: outcomeWords[l.Outcome()], Class: l.Outcome(),
		Lang: l.language(), Lesson: lessonHTML(l.Lesson),
	}
	for _, kind := range []labs.Kind{labs.Required, labs.Stretch} {
		if passed, all := l.Count(kind); all > 0 {
			out.Counts = append(out.Counts, fmt.Sprintf("%d of %d %s", passed, all, kind))
		}
	}
	for _, v := range l.Verdicts {
		out.Checks = append(out.Checks, newHTMLCheck(v, r))
	}
	return out
}

func newHTMLCheck(v labs.Verdict, r Run) htmlCheck {
	out := htmlCheck{
		ID: oneLine(v.Check.ID()), Title: oneLine(v.Check.Title), Sign: marks[v.Outcome].sign, Word: outcomeWords[v.Outcome],
		Class: v.Outcome, Stretch: v.Check.Kind == labs.Stretch,
	}
	if v.Duration > 0 {
		out.Took = fmt.Sprintf("%.2f s", v.Duration.Seconds())
	}
	switch v.Outcome {
	case labs.Pass:
		return out
	case labs.Build:
		out.Build = keep(lines(v.Why), pageRows)
	case labs.Fail:
		out.Story = newHTMLStory(v, r)
	default:
		out.Why = whyNot(v)
	}
	if len(v.Transcript) > 0 {
		drawn := newSequence(cut(whole(v), pageDrawn), v.Transcript).svg("All that happened in check " + out.ID)
		out.Whole = &drawn
		out.Transcript = excerpt(cut(whole(v), pageRows), Style{}, pageColumns)
	}
	return out
}

func newHTMLStory(v labs.Verdict, r Run) *htmlStory {
	f := v.Failure
	if f == nil {
		f = &labs.Failure{Headline: v.Why}
	}
	out := &htmlStory{
		Headline: oneLine(cmp.Or(f.Headline, v.Phase)), Expected: oneLine(f.Expected), Heard: oneLine(f.Heard),
		Cause: oneLine(f.Cause), CauseID: oneLine(f.CauseID), Next: oneLine(nextStep(f, v.Check, r)), Hints: ownHints(f, v.Check, r),
		Again: again(v.Check, r), Saved: oneLine(v.Saved), Rows: excerpt(f.Excerpt, Style{}, pageColumns),
	}
	if v.Phase != v.Check.Title {
		out.Phase = oneLine(v.Phase)
	}
	for _, fact := range f.Facts {
		out.Facts = append(out.Facts, oneLine(fact))
	}
	for _, command := range f.ByHand {
		out.ByHand = append(out.ByHand, oneLine(command))
	}
	if s := newSequence(f.Excerpt, v.Transcript); s.arrows() > 0 {
		drawn := s.svg("What matters of check " + oneLine(v.Check.ID()) + ", drawn")
		out.Picture = &drawn
	}
	return out
}

// lessonHTML renders a lesson without its title, two levels of headings down: the lab's name stands above it.
func lessonHTML(markdown string) template.HTML {
	source := []byte(strings.ReplaceAll(markdown, "\r\n", "\n"))
	md := goldmark.New(goldmark.WithExtensions(extension.Table))
	doc := md.Parser().Parse(text.NewReader(source))
	if title, ok := doc.FirstChild().(*ast.Heading); ok && title.Level == 1 {
		doc.RemoveChild(doc, title)
	}
	var elsewhere []ast.Node
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function returns no error, so Walk does not
		switch n := n.(type) {
		case *ast.Heading:
			if entering {
				n.Level = min(6, n.Level+1)
			}
		case *ast.Link:
			if entering && !bytes.Contains(n.Destination, []byte("://")) {
				elsewhere = append(elsewhere, n)
			}
		case *ast.Image:
			if entering {
				elsewhere = append(elsewhere, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range elsewhere {
		unwrap(n)
	}
	var b bytes.Buffer
	if md.Renderer().Render(&b, source, doc) != nil || doc.FirstChild() == nil {
		return ""
	}
	return template.HTML(b.String())
}

// unwrap leaves the text of a link or an image: the file that it means is not beside the page.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		parent.InsertBefore(parent, n, c)
	}
	parent.RemoveChild(parent, n)
}
