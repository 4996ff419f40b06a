package harness

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestCleanTakesOutWhatIsForTheTerminal(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                    "plain",
		"\x1b[1;32mgreen\x1b[0m":                   "green",
		"\x1b[2K\r> From server: hi\r":             "> From server: hi",
		"\x1b]0;title\x07text":                     "text",
		"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\": "link",
		"\x1b(Bascii\x1b7":                         "ascii",
		"李雷 \x1b[38;5;1mПривет":                    "李雷 Привет",
	} {
		require.Equal(t, want, clean(in), "%q", in)
	}
}

func TestUnescapeReadsGoJSONRustAndPython(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"go %q", `a \"quote\", a \\, \a\t\n`, "a \"quote\", a \\, \a\t\n"},
		{"go %+q", `\u674e\u96f7 \U0001f600`, "李雷 😀"},
		{"go, invalid UTF-8", `\xe6\x9d\x8e`, "李"},
		{"json", `\u003cb\u003e \/ \b\f`, "<b> / \b\f"},
		{"json surrogate pair", `\ud83d\ude00!`, "😀!"},
		{"json half a pair", `\ud83d!`, "\ufffd!"},
		{"rust {:?}", `\u{1b}[1m \u{0} \0 \'`, "\x1b[1m \x00 \x00 '"},
		{"rust, no such rune", `\u{ffffff}`, "\ufffd"},
		{"python json.dumps", `\u00e6r\u00f8 \u6771\u4eac`, "ærø 東京"},
		{"python, no such rune", `\Uffffffff`, "\ufffd"},
		{"an escaped backslash escapes nothing behind it", `\\n \\\n`, "\\n \\\n"},
		{"no escape at all", `C:\Work \u12 \x1 \q \`, `C:\Work \u12 \x1 \q \`},
	} {
		require.Equal(t, c.want, unescape(c.in), c.name)
	}
}

// TestFormsHoldTheText: however a program writes a text, one of the line's forms holds it as it was said.
func TestFormsHoldTheText(t *testing.T) {
	for _, c := range []struct{ name, line, text string }{
		{"as it is", `From server: C:\new \u0041`, `C:\new \u0041`},
		{"go %q", `127.0.0.1:5: "say \"hi\"\n"`, "say \"hi\"\n"},
		{"rust", `127.0.0.1:5: "\u{301}x"`, "\u0301x"},
		{"json", `{"from":"a","text":"\u6771\u4eac \"x\""}`, `東京 "x"`},
		{"json behind a prompt and a time", `12:00:01 > {"data":{"list":[1,"Plum"]}}`, "Plum"},
		{"json in json", `{"data":"{\"message\":\"\\u6771\"}"}`, "東"},
		{"a brace that begins no JSON", `{oops Plum`, "Plum"},
	} {
		fits := func(form string) bool { return strings.Contains(form, c.text) }
		require.True(t, anyOf(forms(c.line), fits), "%s: %q", c.name, forms(c.line))
	}
}

func TestFormsOfJSONHoldNoKeys(t *testing.T) {
	all := forms(`{"port":53422,"ok":true,"none":null,"name":"Bob"}`)
	require.Equal(t, "Bob true 53422", all[1])
}

func anyOf[T any](all []T, is func(T) bool) bool {
	for _, one := range all {
		if is(one) {
			return true
		}
	}
	return false
}

func TestTextsComeFromTheSeed(t *testing.T) {
	first := newTexts(7, "1.1").variables()
	require.Equal(t, first, newTexts(7, "1.1").variables())
	require.NotEqual(t, first["TEXT1"], newTexts(8, "1.1").plain(), "another seed")
	require.NotEqual(t, first, newTexts(7, "1.2").variables(), "another check")
}

// TestTextsAreHarmless: a text means itself in a regular expression, survives trimming and quoting, and is said by nobody else.
func TestTextsAreHarmless(t *testing.T) {
	texts, seen := newTexts(1, "any"), map[string]bool{}
	for range 300 {
		for _, text := range []string{texts.plain(), texts.wide(), texts.long(200)} {
			require.False(t, seen[text], "twice: %q", text)
			seen[text] = true
			require.Equal(t, text, regexp.QuoteMeta(text))
			require.Equal(t, text, strings.TrimSpace(text))
			require.True(t, utf8.ValidString(text))
			for _, r := range text {
				require.False(t, unicode.Is(unicode.M, r), "a combining mark in %q: {:?} writes it as an escape", text)
			}
		}
	}
	v := texts.variables()
	require.GreaterOrEqual(t, len(v["LONG"]), 200)
	require.GreaterOrEqual(t, len(v["HUGE"]), 100_000)
}

func TestShortenCutsNoRuneInTwo(t *testing.T) {
	require.Equal(t, "short", shorten("short", 5))
	long := strings.Repeat("東京", 100)
	for limit := 20; limit < 60; limit++ {
		got := shorten(long, limit)
		require.True(t, utf8.ValidString(got), "%q", got)
		require.Contains(t, got, "bytes cut")
		require.True(t, strings.HasPrefix(got, "東京") && strings.HasSuffix(got, "京"), "%q", got)
		require.Less(t, len(got), limit+30)
	}
}
