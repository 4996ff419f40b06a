package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// TestPhrases wants each phrase in the table to be said somewhere, letter for letter, and to take the same values in both languages.
func TestPhrases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	said := ""
	for _, file := range files {
		if file == "phrase.go" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		said += string(text)
	}
	verb := regexp.MustCompile(`%\w`)
	for english, indonesian := range inIndonesian {
		require.Contains(t, said, strconv.Quote(english))
		require.Equal(t, verb.FindAllString(english, -1), verb.FindAllString(indonesian, -1), english)
	}
	require.Equal(t, "belum diperiksa", phrase(labs.Indonesian, "not checked yet"))
	require.Equal(t, "not checked yet", phrase(labs.English, "not checked yet"))
	require.Equal(t, "not in the table", phrase(labs.Indonesian, "not in the table"))
}

// A session speaks of the labs in its language.
func TestSessionInItsLanguage(t *testing.T) {
	t.Parallel()
	s := &session{judging: judging{lang: labs.Indonesian}}
	require.Equal(t, "Broadcast ke semua, termasuk pengirimnya", s.current().Title)
}
