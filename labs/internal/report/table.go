package report

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

const columnGap = "  "

// table aligns a table's columns. Where it is wider than the terminal, the widest columns give way and their cells
// are wrapped; no column gets narrower than its longest word.
func (l lesson) table(n *extast.Table, width int) []string {
	var rows [][]string
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		rows = append(rows, l.tableCells(r))
	}
	widths := columnWidths(rows, len(n.Alignments), width)
	var out []string
	for i, row := range rows {
		out = append(out, tableRow(row, widths, n.Alignments)...)
		if i == 0 {
			out = append(out, tableRule(widths))
		}
	}
	return out
}

func (l lesson) tableCells(row ast.Node) []string {
	_, header := row.(*extast.TableHeader)
	var out []string
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		text := l.inline(c)
		if header {
			text = paintWords(l.style, bold, text)
		}
		out = append(out, text)
	}
	return out
}

func columnWidths(rows [][]string, columns, width int) []int {
	natural, least := make([]int, columns), make([]int, columns)
	for _, row := range rows {
		for i, cell := range row {
			natural[i] = max(natural[i], cells(cell))
			for word := range strings.SplitSeq(cell, " ") {
				least[i] = max(least[i], cells(word))
			}
		}
	}
	excess := (columns-1)*len(columnGap) - width
	for _, w := range natural {
		excess += w
	}
	for ; excess > 0; excess-- {
		widest := -1
		for i, w := range natural {
			if w > least[i] && (widest < 0 || w > natural[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break // nothing but long words: the table stays too wide
		}
		natural[widest]--
	}
	return natural
}

func tableRow(row []string, widths []int, align []extast.Alignment) []string {
	height := 1
	folded := make([][]string, len(widths))
	for i, cell := range row {
		folded[i] = wrap(cell, widths[i])
		height = max(height, len(folded[i]))
	}
	var out []string
	for y := range height {
		parts := make([]string, len(widths))
		for i := range widths {
			text := ""
			if y < len(folded[i]) {
				text = folded[i][y]
			}
			parts[i] = aligned(text, widths[i], align[i])
		}
		out = append(out, strings.Join(parts, columnGap))
	}
	return out
}

func aligned(s string, width int, align extast.Alignment) string {
	switch align {
	case extast.AlignRight:
		return padLeft(s, width)
	case extast.AlignCenter:
		return pad(padLeft(s, cells(s)+(width-cells(s))/2), width)
	}
	return pad(s, width)
}

func tableRule(widths []int) string {
	rules := make([]string, len(widths))
	for i, w := range widths {
		rules[i] = strings.Repeat("─", w)
	}
	return strings.Join(rules, columnGap)
}
