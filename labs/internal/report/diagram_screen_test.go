package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDiagramOnATerminal(t *testing.T) {
	for name, v := range diagrams() {
		t.Run(name, func(t *testing.T) {
			for _, width := range []int{0, 40} {
				var b bytes.Buffer
				require.NoError(t, Diagram(&b, v, Style{Width: width}))
				require.LessOrEqual(t, strings.Count(b.String(), "\n"), 41)
				require.NotContains(t, b.String(), "\x1b")
				for line := range strings.Lines(b.String()) {
					require.LessOrEqual(t, cells(strings.TrimSuffix(line, "\n")), 100)
				}
			}
		})
	}
	var b bytes.Buffer
	require.NoError(t, Diagram(&b, senderSkipped(), Style{}))
	require.Regexp(t, `(?m)^! .*◀╌+┤`, b.String())
}
