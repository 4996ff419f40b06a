package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible makes everything in s visible that a terminal, an XML parser or an eye would take for something else:
// control characters and the ESC of escape sequences as Unicode's pictures of them (␛ for ESC), bytes that are not
// UTF-8 as \xff, and bidirectional overrides, zero-width characters, fillers and odd blanks by their code point, as
// \u202e. Printable Unicode, blank, tab and line feed stay.
func Visible(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case r < ' ':
			b.WriteRune('␀' + r)
		case r == 0x7f:
			b.WriteRune('␡')
		case !unicode.IsPrint(r) || isInvisible(r):
			b.WriteString(codePoint(r))
		default:
			b.WriteRune(r)
		}
		s = s[size:]
	}
	return b.String()
}

// OneLine is Visible for a text that has to stay on one line: a line feed and a tab are pictures too. A line feed that a
// program has sent and the two characters \n, which it may have sent as well, never look the same.
func OneLine(s string) string {
	return strings.NewReplacer("\n", "␊", "\t", "␉").Replace(Visible(s))
}

// isInvisible reports whether r counts as printable and yet shows nothing. The selectors of text and emoji style stay:
// ordinary emoji hold them.
func isInvisible(r rune) bool {
	const brailleBlank, textStyle, emojiStyle = '\u2800', '\ufe0e', '\ufe0f'
	if r == textStyle || r == emojiStyle {
		return false
	}
	return r == brailleBlank || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

func codePoint(r rune) string {
	if r > 0xffff {
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
