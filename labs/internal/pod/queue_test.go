package pod

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestQueueCountsWhatOthersTook(t *testing.T) {
	const ms = time.Millisecond
	for name, test := range map[string]struct {
		threads map[int]turns // a second after the last call
		want    time.Duration
	}{
		"nobody waits":         {map[int]turns{1: {10 * ms, 30 * ms}, 2: {}}, 0},
		"one waits":            {map[int]turns{1: {20 * ms, 530 * ms}, 2: {}}, 500 * ms},
		"two wait at once":     {map[int]turns{1: {10 * ms, 530 * ms}, 2: {0, 300 * ms}}, 500 * ms},
		"a new one waits":      {map[int]turns{1: {10 * ms, 30 * ms}, 3: {0, 400 * ms}}, 400 * ms},
		"it fills the machine": {map[int]turns{1: {10*ms + processors*time.Second, 30 * ms}, 2: {0, 900 * ms}}, 0},
		"it has half of it":    {map[int]turns{1: {10*ms + processors*time.Second/2, 30 * ms}, 2: {0, 900 * ms}}, 500 * ms},
		"it has ended":         {nil, 0},
	} {
		q := Queue{asked: time.Unix(0, 0), last: map[int]turns{1: {10 * ms, 30 * ms}, 2: {}}}
		require.Equal(t, test.want, q.wait(time.Unix(1, 0), test.threads), name)
		require.Zero(t, q.wait(time.Unix(2, 0), test.threads), "%s: it is counted once", name)
	}
	require.Zero(t, new(Queue).wait(time.Unix(1, 0), map[int]turns{1: {0, time.Hour}}), "nothing is known of the time before the first call")
}
