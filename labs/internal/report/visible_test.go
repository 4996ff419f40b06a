package report

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestVisible(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "plum 4f2c", "plum 4f2c"},
		{"blanks, tab and line feed stay", " a  b\tc\nd ", " a  b\tc\nd "},
		{"other scripts stay", "李雷 žluťoučký עברית C-3PO", "李雷 žluťoučký עברית C-3PO"},
		{"emoji stay", "☕ ❤️ 🎉", "☕ ❤️ 🎉"},
		{"a written escape stays", `\x1b`, `\x1b`},
		{"ESC", "\x1b[2J", "␛[2J"},
		{"NUL, BEL, backspace, CR, US, DEL", "\x00\x07\b\r\x1f\x7f", "␀␇␈␍␟␡"},
		{"C1 controls", "\u009b31m", `\u009b31m`},
		{"bidirectional override", "\u202egnp.exe", `\u202egnp.exe`},
		{"zero width", "a\u200bb\u200dc\ufeffd", `a\u200bb\u200dc\ufeffd`},
		{"fillers and selectors", "\u3164\u2800\ufe01", `\u3164\u2800\ufe01`},
		{"odd blanks and line ends", "\u00a0\u2028\u2029", `\u00a0\u2028\u2029`},
		{"tags beyond the first plane", "\U000e0041", `\U000e0041`},
		{"not UTF-8", "a\xff\xc3(", `a\xff\xc3(`},
		{"a real U+FFFD", "\ufffd", "\ufffd"},
		{"noncharacters", "\ufffe\uffff", `\ufffe\uffff`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, Visible(tt.in))
		})
	}
}

// TestOneLine: what was sent raw and what was sent as an escape look different, or a reader compares two equal texts.
func TestOneLine(t *testing.T) {
	require.Equal(t, `a␊b\nc␉d\te␍␛[2J`, OneLine("a\nb\\nc\td\\te\r\x1b[2J"))
	require.Equal(t, `a\xff\u202eb`, OneLine("a\xff\u202eb"))
	require.Equal(t, 1, cells("␊"))
}

func FuzzVisible(f *testing.F) {
	f.Add(hostile)
	f.Fuzz(func(t *testing.T, s string) {
		once := Visible(s)
		require.True(t, utf8.ValidString(once))
		require.NotContains(t, once, "\x1b")
		require.Equal(t, once, Visible(once), "what is visible stays as it is")
		require.NotContains(t, OneLine(s), "\n")
	})
}
