package starter

import (
	"fmt"
	"go/format"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// A region of the reference is what the solution of one lab is about:
//
//	//lab:4 begin  Put the sender's address before the text.
//	message := m.addr + ": " + quoted
//	//lab:4 starter
//	//	message := string(text)
//	//lab:4 end
//
// Where the lab is not solved yet, the sentence becomes a TODO, and the starter's lines, if there are any, take the place of the
// reference's. A region without a sentence goes without a word. Regions do not nest. With beyond for a number it is about what no lab
// is about, and would make the starter slower to build: no workspace has it.
var marker = regexp.MustCompile(`^\s*//lab:(\d+|beyond) (begin|starter|end)(?:  (\S.*))?$`)

// mark is how each line begins that means to be a marker.
const mark = "//lab:"

// Render returns a source of the reference as it is when the labs up to solved are done: with zero it is the starter's.
func Render(source string, solved int) (string, error) {
	var out strings.Builder
	name, lab, part := "", 0, "end" // of the region that the line is in
	for i, line := range strings.SplitAfter(source, "\n") {
		m := marker.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		switch {
		case m != nil:
			n, err := strconv.Atoi(m[1])
			if err != nil {
				n = math.MaxInt
			}
			if !follows(part, m[2]) || m[2] != "begin" && n != lab {
				return "", fmt.Errorf("line %d: %s%s %s has no place here", i+1, mark, m[1], m[2])
			}
			name, lab, part = m[1], n, m[2]
			if part == "begin" && lab > solved && m[3] != "" {
				fmt.Fprintf(&out, "// TODO lab %d: %s\n", lab, m[3])
			}
		case strings.HasPrefix(strings.TrimSpace(line), mark):
			return "", fmt.Errorf("line %d: %q is no marker: want %sN or %[3]sbeyond, and begin, starter or end", i+1, strings.TrimSpace(line), mark)
		case part == "starter":
			code, ok := strings.CutPrefix(strings.TrimSpace(line), "//")
			if !ok {
				return "", fmt.Errorf("line %d: the starter's lines are comments, this is not: %q", i+1, strings.TrimSpace(line))
			}
			if lab > solved {
				fmt.Fprintln(&out, code)
			}
		case part == "end" || lab <= solved:
			out.WriteString(line)
		}
	}
	if part != "end" {
		return "", fmt.Errorf("the region %s%s has no end", mark, name)
	}
	code, err := format.Source([]byte(out.String()))
	return string(code), err
}

// follows tells whether a marker may come after another one.
func follows(before, next string) bool {
	switch next {
	case "begin":
		return before == "end"
	case "starter":
		return before == "begin"
	default:
		return before != "end"
	}
}
