package report

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestProgress(t *testing.T) {
	check := labs.Check{Lab: "01-broadcast", Number: 3, Kind: labs.Stretch, Title: "Several at once."}
	style := Style{Width: 50}
	require.Equal(t, "· 1.3  Several at once. (stretch)", strings.TrimRight(Progress(labs.Verdict{Check: check}, style), " "))
	judged := labs.Verdict{Check: check, Outcome: labs.Fail, Duration: 2340 * time.Millisecond}
	require.Equal(t, "✗ 1.3  Several at once. (stretch)            2.3 s", Progress(judged, style))
	judged.Check.Title = strings.Repeat("many words ", 20)
	require.Equal(t, 50, cells(Progress(judged, style)))
}
