package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"broadcastlab/labs"
)

// The elements of JUnit XML, as far as GitLab, Jenkins and their like agree on them. Every text is made visible:
// XML 1.0 has no place for control characters, and one of them makes a parser refuse the whole file.
type (
	xmlSuites struct {
		XMLName  xml.Name   `xml:"testsuites"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Skipped  int        `xml:"skipped,attr"`
		Time     string     `xml:"time,attr"`
		Suites   []xmlSuite `xml:"testsuite"`
	}
	xmlSuite struct {
		Name       string        `xml:"name,attr"`
		Tests      int           `xml:"tests,attr"`
		Failures   int           `xml:"failures,attr"`
		Errors     int           `xml:"errors,attr"`
		Skipped    int           `xml:"skipped,attr"`
		Time       string        `xml:"time,attr"`
		Timestamp  string        `xml:"timestamp,attr,omitempty"`
		Properties []xmlProperty `xml:"properties>property"`
		Cases      []xmlCase     `xml:"testcase"`
	}
	xmlProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	xmlCase struct {
		Class   string     `xml:"classname,attr"` // GitLab shows this one as the suite
		Name    string     `xml:"name,attr"`      // holds the id: of two equal names only the first counts
		File    string     `xml:"file,attr,omitempty"`
		Line    int        `xml:"line,attr,omitempty"`
		Time    string     `xml:"time,attr"`
		Failure *xmlResult `xml:"failure"`
		Error   *xmlResult `xml:"error"`
		Skipped *xmlResult `xml:"skipped"`
		Out     string     `xml:"system-out,omitempty"`
	}
	xmlResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"` // tells the message again: not every reader shows the attribute
	}
)

// JUnit writes the run as JUnit XML, one suite for each lab. A stretch check that does not pass is written as skipped,
// with its story: a red test must mean that the exit status is red too.
func JUnit(w io.Writer, r Run) error {
	out := xmlSuites{Name: oneLine(r.Submission)}
	var total time.Duration
	for _, l := range r.Labs {
		s := suite(l, r)
		out.Tests += s.Tests
		out.Failures += s.Failures
		out.Errors += s.Errors
		out.Skipped += s.Skipped
		total += l.Duration()
		out.Suites = append(out.Suites, s)
	}
	out.Time = xmlSeconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func suite(l Lab, r Run) xmlSuite {
	out := xmlSuite{Name: suiteName(l), Tests: len(l.Verdicts), Time: xmlSeconds(l.Duration())}
	if !r.Started.IsZero() {
		out.Timestamp = r.Started.Format(time.RFC3339)
	}
	out.Properties = []xmlProperty{
		{"seed", oneLine(r.Seed)},
		{"isolated", fmt.Sprint(r.Isolated)},
		{"verdict", string(l.Outcome())},
	}
	for _, v := range l.Verdicts {
		c := testcase(l, v, r)
		switch {
		case c.Failure != nil:
			out.Failures++
		case c.Error != nil:
			out.Errors++
		case c.Skipped != nil:
			out.Skipped++
		}
		out.Cases = append(out.Cases, c)
	}
	return out
}

func suiteName(l Lab) string {
	if l.Number == 0 {
		return labName(l)
	}
	return fmt.Sprintf("Lab %d: %s", l.Number, labName(l))
}

func testcase(l Lab, v labs.Verdict, r Run) xmlCase {
	out := xmlCase{
		Class: suiteName(l),
		Name:  oneLine(v.Check.ID() + " " + v.Check.Title),
		File:  oneLine(v.Check.File), Line: v.Line, Time: xmlSeconds(v.Duration),
	}
	if v.Check.Kind == labs.Stretch {
		out.Name += " (stretch)"
	}
	result := result(v, r)
	switch {
	case result == nil:
	case v.Outcome == labs.Skip, isOptional(v):
		result.Type = ""
		out.Skipped = result
	case v.Outcome == labs.Fail:
		out.Failure = result
	default:
		out.Error = result
	}
	if v.Saved != "" {
		out.Out = "[[ATTACHMENT|" + oneLine(v.Saved) + "]]"
	}
	return out
}

// isOptional reports whether a verdict leaves the exit status alone, as Run.Status has it.
func isOptional(v labs.Verdict) bool {
	return v.Check.Kind == labs.Stretch && (v.Outcome == labs.Fail || v.Outcome == labs.Error && v.Whose != labs.Script)
}

// result is what there is to say about a check that has not passed; nil for one that has.
func result(v labs.Verdict, r Run) *xmlResult {
	switch v.Outcome {
	case labs.Pass:
		return nil
	case labs.Fail:
		message := v.Phase
		if v.Failure != nil {
			message = v.Failure.Headline
		}
		story := failure(v, r, Style{}, 100)
		return &xmlResult{Message: shorten(oneLine(message), 300), Type: "fail", Text: strings.Join(story, "\n")}
	case labs.Build:
		said := lines(v.Why)
		return &xmlResult{Message: "does not build: " + shorten(said[0], 300), Type: "build", Text: strings.Join(said, "\n")}
	}
	return &xmlResult{Message: whyNot(v), Type: string(v.Whose), Text: whyNot(v)}
}

// xmlSeconds are seconds with decimals, as every reader of the format expects.
func xmlSeconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
