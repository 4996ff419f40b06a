package report

import (
	"fmt"
	"io"
)

// Hint writes one step of a ladder behind its heading, as "Hint 1 of 4.  TEXT", or what there is to say about hints, with no heading.
func Hint(w io.Writer, heading, text string, o Style) error {
	if heading != "" {
		heading = o.paint(bold, heading) + "  "
	}
	for _, row := range hang(heading, oneLine(text), o.columns()) {
		if _, err := fmt.Fprintln(w, row); err != nil {
			return err
		}
	}
	return nil
}
