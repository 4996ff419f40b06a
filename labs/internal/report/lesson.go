package report

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// Lesson renders a lesson's Markdown for a terminal: CommonMark and tables. Paragraphs are wrapped to the style's
// width; code is shown as it stands, indented and never wrapped, so that it can be copied.
func Lesson(w io.Writer, markdown string, o Style) error {
	source := []byte(strings.ReplaceAll(markdown, "\r\n", "\n"))
	parser := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
	l := lesson{source: source, style: o}
	var b bytes.Buffer
	for _, row := range l.blocks(parser.Parse(text.NewReader(source)), o.columns(), false) {
		b.WriteString(strings.TrimRight(row, " "))
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}

// A lesson is a document under way. Its methods return rows; who calls them puts margins before the rows.
type lesson struct {
	source []byte
	style  Style
}

// blocks renders a node's children below each other, with an empty row between two of them unless they are tight.
func (l lesson) blocks(parent ast.Node, width int, tight bool) []string {
	var out []string
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		rows := l.block(n, width)
		if len(rows) > 0 && len(out) > 0 && !tight {
			out = append(out, "")
		}
		out = append(out, rows...)
	}
	return out
}

func (l lesson) block(n ast.Node, width int) []string {
	switch n := n.(type) {
	case *ast.Heading:
		return l.heading(n, width)
	case *ast.List:
		return l.list(n, width)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return l.code(n)
	case *ast.Blockquote:
		return prefix(l.style.paint(dim, "│ "), l.style.paint(dim, "│ "), l.blocks(n, width-2, false))
	case *ast.ThematicBreak:
		return []string{strings.Repeat("─", width)}
	case *ast.HTMLBlock:
		return nil // comments to lesson authors
	case *extast.Table:
		return l.table(n, width)
	}
	return wrap(l.inline(n), width)
}

// heading underlines each heading, so that it stands out without colours too.
func (l lesson) heading(n *ast.Heading, width int) []string {
	rule := "╌"
	switch n.Level {
	case 1:
		rule = "═"
	case 2:
		rule = "─"
	}
	widest := 0
	var out []string
	for _, row := range wrap(l.inline(n), width) {
		widest = max(widest, cells(row))
		out = append(out, paintWords(l.style, bold, row))
	}
	return append(out, strings.Repeat(rule, widest))
}

func (l lesson) list(n *ast.List, width int) []string {
	number := n.Start
	markerWidth := cells("• ")
	if n.IsOrdered() {
		markerWidth = len(strconv.Itoa(number+n.ChildCount()-1) + ". ")
	}
	var out []string
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		marker := "• "
		if n.IsOrdered() {
			marker = padLeft(strconv.Itoa(number)+string(n.Marker)+" ", markerWidth)
			number++
		}
		if len(out) > 0 && !n.IsTight {
			out = append(out, "")
		}
		rows := l.blocks(item, width-markerWidth, n.IsTight)
		if len(rows) == 0 {
			rows = []string{""} // an empty item keeps its marker
		}
		out = append(out, prefix(marker, strings.Repeat(" ", markerWidth), rows)...)
	}
	return out
}

func (l lesson) code(n ast.Node) []string {
	var out []string
	for _, row := range lines(string(n.Lines().Value(l.source))) {
		out = append(out, "    "+l.style.paint(cyan, row))
	}
	return out
}

// prefix puts first before the first row and rest before the others.
func prefix(first, rest string, rows []string) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = rest + row
		if i == 0 {
			out[i] = first + row
		}
	}
	return out
}
