package labs

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

var (
	checkFile  = regexp.MustCompile(`^(?:(\d+)-)?(.+)\.txtar$`)
	checkFirst = regexp.MustCompile(`^# (required|stretch): (\S.*)$`)
)

// sentence begins each line of a script that a student may read.
const sentence = "# "

// ParseCheck reads a script's name and first line, and its section id.md. It does not look at the commands: that is the harness's
// matter.
func ParseCheck(file, text string) (Check, error) {
	name := checkFile.FindStringSubmatch(path.Base(strings.ReplaceAll(file, `\`, "/")))
	if name == nil {
		return Check{}, fmt.Errorf("%s: a check's file is named N-name.txtar", file)
	}
	archive := txtar.Parse([]byte(text))
	script := string(archive.Comment)
	line, _, _ := strings.Cut(script, "\n")
	first := checkFirst.FindStringSubmatch(strings.TrimRight(line, "\r"))
	if first == nil {
		return Check{}, fmt.Errorf("%s:1: want %q or %q as the first line, have %q", file, "# required: what must hold", "# stretch: what must hold", line)
	}
	number, _ := strconv.Atoi(name[1]) // absent in a script from outside the catalogue: zero
	c := Check{Number: number, Name: name[2], Kind: Kind(first[1]), Title: first[2], File: file, Script: script}
	for _, section := range archive.Files {
		if section.Name != "id.md" {
			return Check{}, fmt.Errorf("%s: section %q: want id.md", file, section.Name)
		}
		c.Indonesian = parseTranslation(section.Data)
		if c.Indonesian.Sentence == "" {
			return Check{}, fmt.Errorf("%s: id.md has no sentence: its first line is what must hold, in Indonesian", file)
		}
		if have, want := len(c.Indonesian.Steps), strings.Count(script, "\n"+sentence); have != want {
			return Check{}, fmt.Errorf("%s: id.md numbers %d sentences, below the first one the script has %d", file, have, want)
		}
	}
	return c, nil
}
