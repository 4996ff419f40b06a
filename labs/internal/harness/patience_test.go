package harness

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func TestAwaitEndsAtOnceWhenDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, said := newTranscript(), false
		go func() {
			time.Sleep(time.Second + 3*time.Millisecond) // between two ticks
			tr.mu.Lock()
			defer tr.mu.Unlock()
			said = true
			tr.add(labs.Event{Text: "said"})
		}()
		began := time.Now()
		require.NoError(t, tr.await(t.Context(), Patience, func() bool { return said }))
		require.Equal(t, time.Second+3*time.Millisecond, time.Since(began))
	})
}

func TestAwaitRunsOutOfPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		err := newTranscript().await(t.Context(), Patience, func() bool { return false })
		require.ErrorIs(t, err, errPatience)
		require.Equal(t, Patience, time.Since(began))
	})
}

// TestAwaitCountsNoLateTicks: while the machine lets us run every 70 ms only, nobody's patience runs out. Looking is what takes
// the time here, as it would if another process had the processor.
func TestAwaitCountsNoLateTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		busy := func() bool { time.Sleep(70 * time.Millisecond); return time.Since(began) > 5*Patience }
		require.NoError(t, newTranscript().await(t.Context(), Patience, busy))
	})
}

// busyFor is a queue of programs that stand in line all the time until a moment, and then never.
type busyFor struct{ until, asked time.Time }

func (q *busyFor) Waited() (below, all time.Duration) {
	from := q.asked
	q.asked = time.Now()
	if q.asked.After(q.until) {
		q.asked = q.until
	}
	return q.asked.Sub(from), q.asked.Sub(from)
}

// TestAwaitTakesOffTimeInLine: while the programs cannot run, the patience stands still, however punctual the kit's own clock is.
func TestAwaitTakesOffTimeInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const busy = 5 * Patience
		began := time.Now()
		tr := newTranscript()
		tr.queue = &busyFor{until: began.Add(busy), asked: began}
		require.ErrorIs(t, tr.await(t.Context(), Patience, func() bool { return false }), errPatience)
		require.InDelta(t, busy+Patience, time.Since(began), float64(asking))
	})
}

// TestAwaitForgivesNoTimeBefore: what the programs lost before a wait does not make it longer.
func TestAwaitForgivesNoTimeBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTranscript()
		tr.queue = &busyFor{until: time.Now().Add(5 * Patience), asked: time.Now()}
		require.NoError(t, tr.await(t.Context(), Patience, func() bool { return true }))
		time.Sleep(10 * Patience)
		began := time.Now()
		require.ErrorIs(t, tr.await(t.Context(), Patience, func() bool { return false }), errPatience)
		require.InDelta(t, Patience, time.Since(began), float64(asking))
	})
}

func TestAwaitGivesUpOnAMachineTooBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, patience := range []time.Duration{ownEcho, Patience} { // a short wait asks no more of the machine than a long one
			began := time.Now()
			err := newTranscript().await(t.Context(), patience, func() bool { time.Sleep(70 * time.Millisecond); return false })
			require.ErrorIs(t, err, errTooBusy)
			require.InDelta(t, tooBusy*Patience, time.Since(began), float64(time.Second))
		}
	})
}

func TestAwaitEndsWhenCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := newTranscript().await(ctx, Patience, func() bool { return false })
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// TestAwaitLooksOftenAtFirst: what is only seen by looking is seen soon, and a long wait does not look hundreds of times a second.
func TestAwaitLooksOftenAtFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, after := range []time.Duration{30 * time.Millisecond, 300 * time.Millisecond, 1900 * time.Millisecond} {
			began, looks := time.Now(), 0
			require.NoError(t, newTranscript().await(t.Context(), Patience, func() bool { looks++; return time.Since(began) >= after }))
			require.LessOrEqual(t, time.Since(began)-after, max(tick, after/10))
			require.Less(t, looks, 80)
		}
	})
}

func TestUndisturbed(t *testing.T) {
	const ms = time.Millisecond
	require.Equal(t, 100*ms, undisturbed(100*ms, 0, 100*ms))
	require.Equal(t, 60*ms, undisturbed(60*ms, 0, 100*ms), "our clock was late")
	require.Equal(t, 50*ms, undisturbed(100*ms, 50*ms, 100*ms), "they stood in line")
	require.Equal(t, 25*ms, undisturbed(50*ms, 50*ms, 100*ms), "both")
	require.Zero(t, undisturbed(100*ms, 150*ms, 100*ms))
	require.Equal(t, 10*ms, undisturbed(10*ms, 0, 0))
}
