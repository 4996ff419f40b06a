package harness

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzForms: a text is found in a line that quotes it as Go or JSON does, whatever stands before it.
func FuzzForms(f *testing.F) {
	for _, text := range []string{"plain", `a "quote" \ and \n`, "two\nlines\x00\x1b[1m", "李雷 😀", `\u674e \ud83d \U0001f600 \x41`, `{"a":1}`, "{"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		holds := func(form string) bool { return strings.Contains(form, text) }
		object, err := json.Marshal(map[string]string{"text": text})
		require.NoError(t, err)
		for _, line := range []string{
			"From server: " + text,
			"127.0.0.1:5: " + strconv.Quote(text),
			"127.0.0.1:5: " + strconv.QuoteToASCII(text),
			"12:00:01 > " + string(object),
		} {
			require.True(t, anyOf(forms(line), holds), "%q in %q", text, line)
		}
	})
}

// FuzzClean: what a line shows is not lost with what is for the terminal, and nothing that is printed stops a check.
func FuzzClean(f *testing.F) {
	for _, text := range []string{"plain", "\x1b[1;32mgreen\x1b[0m", "\x1b]0;title\x07text\r", "\x1b]8;;no end", "\x1b", "Bob's 127.0.0.1:5"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cleaned := clean(text)
		require.NotContains(t, cleaned, "\r")
		require.LessOrEqual(t, len(cleaned), len(text))
		if !strings.ContainsAny(text, "\x1b\r") {
			require.Equal(t, text, cleaned)
			require.Equal(t, text, clean("\x1b[1;32m"+text+"\x1b[0m\r"))
		}
		for _, w := range wordsOf(cleaned) {
			require.Contains(t, cleaned, w.text)
		}
		short := shorten(cleaned, 40)
		require.LessOrEqual(t, len(short), len("… ( bytes cut) …")+20+40)
		require.True(t, utf8.ValidString(short) || len(cleaned) <= 40)
	})
}
