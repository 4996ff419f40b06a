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
		"nobody waits":         {map[int]turns{1: {10 * ms, 30 * ms, false}, 2: {}}, 0},
		"one waits":            {map[int]turns{1: {20 * ms, 530 * ms, false}, 2: {}}, 500 * ms},
		"two wait at once":     {map[int]turns{1: {10 * ms, 530 * ms, false}, 2: {0, 300 * ms, false}}, 500 * ms},
		"a new one waits":      {map[int]turns{1: {10 * ms, 30 * ms, false}, 3: {0, 400 * ms, false}}, 400 * ms},
		"it fills the machine": {map[int]turns{1: {10*ms + processors*time.Second, 30 * ms, false}, 2: {0, 900 * ms, false}}, 0},
		"it has half of it":    {map[int]turns{1: {10*ms + processors*time.Second/2, 30 * ms, false}, 2: {0, 900 * ms, false}}, 500 * ms},
		"it has ended":         {nil, 0},
	} {
		q := Queue{asked: time.Unix(0, 0), last: map[int]turns{1: {10 * ms, 30 * ms, false}, 2: {}}}
		below, all := q.wait(time.Unix(1, 0), test.threads)
		require.Equal(t, test.want, below, name)
		require.Equal(t, test.want, all, name)
		below, all = q.wait(time.Unix(2, 0), test.threads)
		require.Zero(t, below+all, "%s: it is counted once", name)
	}
	below, all := new(Queue).wait(time.Unix(1, 0), map[int]turns{1: {0, time.Hour, false}})
	require.Zero(t, below+all, "nothing is known of the time before the first call")

	q := Queue{asked: time.Unix(0, 0)}
	below, all = q.wait(time.Unix(1, 0), map[int]turns{1: {0, 300 * ms, true}, 2: {0, 100 * ms, false}})
	require.Equal(t, 100*ms, below)
	require.Equal(t, 300*ms, all, "this process waits too")
}
