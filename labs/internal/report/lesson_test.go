package report

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func render(t *testing.T, markdown string, o Style) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Lesson(&b, markdown, o))
	return b.String()
}

func TestLessonGolden(t *testing.T) {
	markdown, err := os.ReadFile("testdata/lesson.md")
	require.NoError(t, err)
	golden(t, "lesson", []byte(render(t, string(markdown), Style{Width: 60})))
	golden(t, "lesson-color", []byte(strings.ReplaceAll(render(t, string(markdown), Style{Width: 60, Color: true}), "\x1b", "ESC")))
}

func TestLessonElements(t *testing.T) {
	tests := []struct{ name, markdown, want string }{
		{"heading 1", "# Lab 1", "Lab 1\n═════\n"},
		{"heading 3", "### Ports", "Ports\n╌╌╌╌╌\n"},
		{"emphasis", "an *echo* is **not** `Say`", "an *echo* is **not** `Say`\n"},
		{"soft break", "one\ntwo", "one two\n"},
		{"hard break", "one\\\ntwo", "one\ntwo\n"},
		{"escapes and entities", `5 \* 3 &lt; 16 &amp; &#65;`, "5 * 3 < 16 & A\n"},
		{"code keeps entities", "`&lt; \\*`", "`&lt; \\*`\n"},
		{"link", "[Go](https://go.dev/doc)", "Go (https://go.dev/doc)\n"},
		{"autolink", "<https://go.dev>", "https://go.dev\n"},
		{"image", "![a frame](frame.svg)", "a frame (frame.svg)\n"},
		{"html", "<!-- for authors -->\n\ntext <b>bold</b>", "text bold\n"},
		{"numbers from 9", "9. nine\n10. ten", " 9. nine\n10. ten\n"},
		{"nested", "- a\n  - b\n    1. c", "• a\n  • b\n    1. c\n"},
		{"loose list", "- a\n\n- b", "• a\n\n• b\n"},
		{"code in a list", "- a\n\n  ```\n  x\ty\n  ```", "• a\n\n      x    y\n"},
		{"quote", "> said\n>\n> again", "│ said\n│\n│ again\n"},
		{"rule", "a\n\n---", "a\n\n" + strings.Repeat("─", 40) + "\n"},
		{"right and centre", "| n | mid |\n|--:|:-:|\n| 10 | x |", " n  mid\n──  ───\n10   x\n"},
		{"wide letters", "| a | b |\n|---|---|\n| 李雷 | x |\n| Jim | y |", "a     b\n────  ─\n李雷  x\nJim   y\n"},
		{"escape sequence", "a\x1b[31mb", "a␛[31mb\n"},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, render(t, tt.markdown, Style{Width: 40}))
		})
	}
}

func TestLessonColourIsAHelpOnly(t *testing.T) {
	markdown := "# Title\n\nplain `code` and **bold words**\n\n> quote\n\n    block\n"
	coloured := render(t, markdown, Style{Width: 40, Color: true})
	require.Contains(t, coloured, "\x1b[36mcode\x1b[0m")
	require.Contains(t, coloured, "\x1b[1mbold\x1b[0m \x1b[1mwords\x1b[0m")
	require.NotContains(t, render(t, markdown, Style{Width: 40}), "\x1b")
}

func TestLessonFitsTheWidth(t *testing.T) {
	markdown := "| command | does |\n|---|---|\n| `hears` | " + strings.Repeat("waits for a line ", 20) + "|\n\n- " + strings.Repeat("word ", 60)
	for _, width := range []int{40, 60, 100, 200} {
		for line := range strings.Lines(render(t, markdown, Style{Width: width})) {
			require.LessOrEqual(t, cells(strings.TrimSuffix(line, "\n")), min(width, 100))
		}
	}
}
