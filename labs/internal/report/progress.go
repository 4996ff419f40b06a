package report

import (
	"fmt"

	"broadcastlab/labs"
)

// Progress is the line of one check while a run is under way: "✓ 1.3  Several senders at once.  0.2 s". A verdict with
// no outcome stands for a check that is not judged yet. It is never wider than the style.
func Progress(v labs.Verdict, o Style) string {
	mark, took := o.paint(dim, "·"), ""
	if v.Outcome != "" {
		mark, took = o.mark(v.Outcome), fmt.Sprintf("  %.1f s", v.Duration.Seconds())
	}
	title := oneLine(v.Check.Title)
	if v.Check.Kind == labs.Stretch {
		title += " (stretch)"
	}
	label := " " + oneLine(v.Check.ID()) + "  "
	room := o.columns() - 1 - cells(label) - len("  10.0 s")
	return mark + label + pad(shorten(title, room), room) + o.paint(dim, padLeft(took, len("  10.0 s")))
}
