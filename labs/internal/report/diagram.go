package report

import (
	"io"
	"strings"

	"broadcastlab/labs"
)

// Diagram draws for a terminal all that happened in a check, as far as a screen holds it: lifelines with arrows, or, where
// there is no room for those, rows.
func Diagram(w io.Writer, v labs.Verdict, o Style) error {
	const most = 40
	events := cut(whole(v), most)
	rows := newSequence(events, v.Transcript).drawn(o, o.columns())
	if rows == nil {
		rows = excerpt(events, o, o.columns())
	}
	_, err := io.WriteString(w, strings.Join(append(rows, ""), "\n"))
	return err
}
