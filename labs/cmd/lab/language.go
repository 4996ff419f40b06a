package main

import (
	"cmp"
	"fmt"
	"regexp"

	"broadcastlab/labs"
)

// A language is the one that a call of lab shows texts in.
type language struct {
	labs.Language
	asked bool // with --lang: the commands that lab names ask for it too
}

// chooseLanguage takes the language from --lang, or else from LAB_LANG, or else from the locale. What a person has asked for must be one
// of ours; a locale that is none of them means English.
func chooseLanguage(flag string, getenv func(string) string) (language, error) {
	for _, asked := range [][2]string{{"--lang", flag}, {"LAB_LANG", getenv("LAB_LANG")}} {
		switch lang := labs.Language(asked[1]); lang {
		case "":
			continue
		case labs.English, labs.Indonesian:
			return language{lang, flag != ""}, nil
		default:
			return language{}, fmt.Errorf("%s is %q, want en or id", asked[0], lang)
		}
	}
	// The first that is set counts, and an empty one is not set: POSIX, Base Definitions, 8.2.
	locale := cmp.Or(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"))
	if indonesian.MatchString(locale) {
		return language{Language: labs.Indonesian}, nil
	}
	return language{Language: labs.English}, nil
}

// indonesian fits a locale as id_ID.UTF-8, or the language alone.
var indonesian = regexp.MustCompile(`^id([_.@-]|$)`)

// command is how a person calls this program and is answered in the same language.
func (l language) command() string {
	if l.asked {
		return command() + " --lang " + string(l.Language)
	}
	return command()
}
