package labs_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// whole are the labs that have every text in Indonesian. Any other lab becomes one of them with its README.id.md.
const whole = 11

// TestIndonesian lists the texts that are missing in Indonesian. It fails where one is missing of a lab that is whole.
func TestIndonesian(t *testing.T) {
	for _, lab := range labs.All() {
		missing := untranslated(lab)
		for _, text := range missing {
			t.Logf("not in Indonesian yet: %s", text)
		}
		if lab.Number <= whole || lab.Indonesian.Lesson != "" {
			require.Empty(t, missing, "%s is to be whole in both languages", lab.Dir)
		}
	}
}

// untranslated names the files of a lab, and the sentences, that have no Indonesian text.
func untranslated(lab labs.Lab) []string {
	var missing []string
	if lab.Indonesian.Lesson == "" {
		missing = append(missing, "labs/"+lab.Dir+"/README.md")
	}
	if len(lab.Indonesian.Hints) == 0 {
		missing = append(missing, "labs/"+lab.Dir+"/hints.md")
	}
	for _, c := range lab.Checks {
		if c.Indonesian.Sentence == "" {
			missing = append(missing, fmt.Sprintf("%s: %s", c.File, c.Title))
		}
	}
	for _, m := range lab.Mistakes {
		if m.Indonesian.Sentence == "" {
			missing = append(missing, fmt.Sprintf("%s: %s", m.File, m.Sentence))
		}
	}
	return missing
}

// TestTranslationsSayTheSame holds what can be compared together: values in a diagnosis, and the shape of a lesson.
func TestTranslationsSayTheSame(t *testing.T) {
	value := regexp.MustCompile(`\$\w+`)
	for _, lab := range labs.All() {
		for _, m := range lab.Mistakes {
			if m.Indonesian.Sentence != "" {
				require.ElementsMatch(t, value.FindAllString(m.Sentence, -1), value.FindAllString(m.Indonesian.Sentence, -1), m.File)
			}
		}
		if lab.Indonesian.Lesson != "" {
			require.Equal(t, skeleton(lab.Lesson), skeleton(lab.Indonesian.Lesson), lab.Dir)
		}
	}
}

// A pasted run reads in the lesson's own language. Of everything else in a code block nothing is translated.
const pastedRun = "building server, client"

var (
	marked     = regexp.MustCompile(`^(?:#+ |\d+\. |\|)`)
	whichCheck = regexp.MustCompile(` check (\d+\.\d+) --seed`)
)

// skeleton is what a lesson keeps in every language: levels of headings, numbers of lists, rows of tables, code.
func skeleton(lesson string) []string {
	var out []string
	for i, part := range strings.Split(lesson, "```") {
		switch {
		case i%2 == 0:
			for line := range strings.Lines(part) {
				if mark := marked.FindString(strings.TrimSpace(line)); mark != "" {
					out = append(out, mark)
				}
			}
		case strings.HasPrefix(part, "\n"+pastedRun):
			out = append(out, "a run of check "+whichCheck.FindStringSubmatch(part)[1])
		case strings.Contains(part, " ms  "):
			out = append(out, "a transcript")
		default:
			out = append(out, part)
		}
	}
	return out
}

// TestPastedRunsReadAsToday wants the runs in lessons, in both languages, to say what the catalogue says: which check, and which cause.
func TestPastedRunsReadAsToday(t *testing.T) {
	for _, lang := range []labs.Language{labs.English, labs.Indonesian} {
		for _, lab := range labs.In(lang) {
			if lang == labs.Indonesian && lab.Indonesian.Lesson == "" {
				continue // it is shown in English
			}
			for _, run := range pastedRuns(lab.Lesson) {
				check := whichCheck.FindStringSubmatch(run)
				require.NotNil(t, check, run)
				only, err := labs.Find(check[1])
				require.NoError(t, err)
				require.Contains(t, run, only.In(lang).Checks[0].Title, "%s in %s", check[1], lang)
				require.Contains(t, run, lab.Title)
				id := regexp.MustCompile(`\[(\S+)\] next`).FindStringSubmatch(run)
				require.NotNil(t, id, "%s: no cause", check[1])
				m, ok := labs.FindMistake(id[1], lang)
				require.True(t, ok, id[1])
				// A value of that run stands where the sentence has $NAME.
				sentence := regexp.MustCompile(`\\\$\w+`).ReplaceAllString(regexp.QuoteMeta(m.Sentence), `\S+`)
				require.Regexp(t, "cause "+sentence+" "+regexp.QuoteMeta(id[0]), run)
			}
		}
	}
}

// pastedRuns are the runs in a lesson, each without frame and line breaks.
func pastedRuns(lesson string) []string {
	var runs []string
	for i, part := range strings.Split(lesson, "```") {
		if i%2 == 1 && strings.HasPrefix(part, "\n"+pastedRun) {
			runs = append(runs, strings.Join(strings.Fields(strings.ReplaceAll(part, "\n  │", "\n")), " "))
		}
	}
	return runs
}

// TestNoTranslationIsLost wants every Indonesian file on disk to be read: one of another name would be nobody's.
func TestNoTranslationIsLost(t *testing.T) {
	onDisk, err := filepath.Glob("*/*.id.md")
	require.NoError(t, err)
	var read []string
	for _, lab := range labs.All() {
		if lab.Indonesian.Lesson != "" {
			read = append(read, filepath.Join(lab.Dir, "README.id.md"))
		}
		if len(lab.Indonesian.Hints) > 0 {
			read = append(read, filepath.Join(lab.Dir, "hints.id.md"))
		}
	}
	require.ElementsMatch(t, onDisk, read)
}
