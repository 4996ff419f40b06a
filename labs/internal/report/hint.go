package report

import (
	"fmt"
	"io"
)

// Hint writes one step of a ladder, as "Hint 1 of 4.  TEXT".
func Hint(w io.Writer, n, of int, text string, o Style) error {
	for _, row := range hang(o.paint(bold, fmt.Sprintf("Hint %d of %d.", n, of))+"  ", oneLine(text), o.columns()) {
		if _, err := fmt.Fprintln(w, row); err != nil {
			return err
		}
	}
	return nil
}
