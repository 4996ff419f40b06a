package report

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// inline renders what stands inside a paragraph as one text. A line feed in it is a hard line break.
func (l lesson) inline(parent ast.Node) string {
	var b strings.Builder
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		b.WriteString(l.span(n))
	}
	return b.String()
}

func (l lesson) span(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Text:
		return l.text(n)
	case *ast.String:
		return oneLine(string(n.Value))
	case *ast.CodeSpan:
		return l.marked("`", cyan, l.inline(n))
	case *ast.Emphasis:
		if n.Level > 1 {
			return l.marked("**", bold, l.inline(n))
		}
		return l.marked("*", italic, l.inline(n))
	case *ast.Link:
		return target(l.inline(n), oneLine(string(n.Destination)))
	case *ast.Image:
		return target(l.inline(n), oneLine(string(n.Destination)))
	case *ast.AutoLink:
		return oneLine(string(n.URL(l.source)))
	case *ast.RawHTML:
		return "" // a tag or a comment; what stands between two tags is kept
	}
	return l.inline(n)
}

func (l lesson) text(n *ast.Text) string {
	value := n.Value(l.source)
	if _, code := n.Parent().(*ast.CodeSpan); !code && !n.IsRaw() {
		value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
	}
	// The parser leaves the line feed of a code span in its text.
	s := oneLine(strings.ReplaceAll(string(value), "\n", " "))
	switch {
	case n.HardLineBreak():
		return s + "\n"
	case n.SoftLineBreak():
		return s + " "
	}
	return s
}

// marked shows an emphasis by colour, or where colours are off by the mark that Markdown has for it.
func (l lesson) marked(mark, sgr, s string) string {
	if !l.style.Color {
		return mark + s + mark
	}
	return paintWords(l.style, sgr, s)
}

// paintWords paints each word for itself: a colour must not run across a line break into the margin of the next line.
func paintWords(o Style, sgr, s string) string {
	words := strings.Split(s, " ")
	for i, word := range words {
		words[i] = o.paint(sgr, word)
	}
	return strings.Join(words, " ")
}

// target shows where a link leads, once.
func target(label, url string) string {
	if label == url || url == "" {
		return label
	}
	return label + " (" + url + ")"
}
