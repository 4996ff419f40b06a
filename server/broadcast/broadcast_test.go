package broadcast

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// The tests' messages are numbers of seven digits, so that a span can be taken apart.
func message(i int) []byte { return fmt.Appendf(nil, "%07d", i) }

func numbers(t testing.TB, span []byte) (all []int) {
	for m := range slices.Chunk(span, 7) {
		n, err := strconv.Atoi(string(m))
		if err != nil {
			t.Errorf("torn message: %v", err)
		}
		all = append(all, n)
	}
	return all
}

// listen reads until the log ends.
func listen(t testing.TB, r *Reader) (heard []int, missed uint64) {
	for {
		span, err := r.Next(t.Context())
		var lagged *LaggedError
		switch {
		case errors.As(err, &lagged):
			missed += lagged.Missed
		case err == io.EOF:
			return heard, missed
		case err != nil:
			t.Errorf("read: %v", err)
			return heard, missed
		}
		heard = append(heard, numbers(t, span)...)
	}
}

// talk has publishers and readers at the log all at once, and returns what each reader got.
func talk(t testing.TB, log *Log, publishers, each, readers int) (heard [][]int, missed []uint64) {
	heard, missed = make([][]int, readers), make([]uint64, readers)
	var reading, writing sync.WaitGroup
	for i := range readers {
		r := log.Reader()
		reading.Go(func() { heard[i], missed[i] = listen(t, r) })
	}
	for p := range publishers {
		writing.Go(func() {
			for i := range each {
				log.Publish(message(p*each + i))
			}
		})
	}
	writing.Wait()
	log.Close()
	reading.Wait()
	return heard, missed
}

func TestOrder(t *testing.T) {
	const publishers, each, readers = 4, 10_000, 8
	heard, missed := talk(t, &Log{}, publishers, each, readers)
	for i := range readers {
		require.Zero(t, missed[i])
		require.True(t, slices.Equal(heard[0], heard[i]), "all readers see the same order")
	}
	next := make([]int, publishers)
	for _, n := range heard[0] {
		require.Equal(t, next[n/each], n%each, "each publisher's order is kept")
		next[n/each]++
	}
	require.Len(t, heard[0], publishers*each)
}

func TestLoss(t *testing.T) {
	const total = 100_000
	log := Log{Keep: 2 * segmentSize}
	slow := log.Reader()
	for i := range total {
		require.True(t, log.Publish(message(i)))
	}
	log.Close()

	next := 0
	take := func() error {
		span, err := slow.Take()
		for _, n := range numbers(t, span) {
			require.Equal(t, next, n)
			next++
		}
		return err
	}
	require.NoError(t, take())
	require.Equal(t, segmentSize/7, next, "the segment that the cursor is in is kept")
	var lagged *LaggedError
	require.ErrorAs(t, take(), &lagged)
	require.EqualError(t, lagged, fmt.Sprintf("broadcast: %d messages missed", lagged.Missed))
	next += int(lagged.Missed)
	require.NoError(t, take(), "it goes on at the oldest kept")
	require.NoError(t, take())
	require.Equal(t, io.EOF, take())
	require.Equal(t, total, next, "heard and missed are all there were")
}

func TestLossWhileAllTalk(t *testing.T) {
	const publishers, each, readers = 4, 25_000, 20
	heard, missed := talk(t, &Log{Keep: 1}, publishers, each, readers)
	for i := range readers {
		require.EqualValues(t, publishers*each, uint64(len(heard[i]))+missed[i])
	}
}

func TestBlocking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := Log{Keep: segmentSize}
		stalled := log.Reader()
		waiting := log.Reader()
		got := make(chan []byte)
		go func() {
			span, _ := waiting.Next(t.Context())
			got <- span
			close(got)
		}()
		synctest.Wait() // the reader waits for news; the other one has never asked

		start := time.Now()
		for i := range 100_000 { // many times what is kept
			log.Publish(message(i))
		}
		require.Zero(t, time.Since(start), "nothing waited: in here time passes only when all wait")
		require.NotEmpty(t, <-got, "a waiting reader is woken")
		span, err := stalled.Take()
		require.NoError(t, err)
		require.NotEmpty(t, span)
		<-got
	})
}

func TestTakeDoesNotWait(t *testing.T) {
	var log Log
	r := log.Reader()
	span, err := r.Take()
	require.NoError(t, err)
	require.Nil(t, span)

	log.Publish(message(1))
	log.Publish(message(2))
	span, err = r.Take()
	require.NoError(t, err)
	require.Equal(t, "00000010000002", string(span), "all at once")
	require.Equal(t, len(span), cap(span), "appending to a span must not write into the log")
}

func TestMemory(t *testing.T) {
	const mib = 1 << 20
	log := Log{Keep: mib}
	var stalled []*Reader
	before := heap()
	text := bytes.Repeat([]byte("x"), 10_000)
	for i := range 64 * mib / len(text) {
		if i%1000 == 0 {
			stalled = append(stalled, log.Reader())
			log.Reader() // forgotten at once
		}
		log.Publish(text)
	}
	bound := uint64(mib + segmentSize*(len(stalled)+2))
	require.Less(t, heap()-before, bound+bound/2, "64 MiB were said")
	runtime.KeepAlive(stalled)
	runtime.KeepAlive(&log)
}

// heap returns the bytes that are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestEnd(t *testing.T) {
	var log Log
	r := log.Reader()
	require.True(t, log.Publish(message(1)))
	log.Close()
	log.Close()
	require.False(t, log.Publish(message(2)))
	heard, _ := listen(t, r)
	require.Equal(t, []int{1}, heard)
	_, err := r.Take()
	require.Equal(t, io.EOF, err, "the end stays the end")
	_, err = log.Reader().Take()
	require.Equal(t, io.EOF, err)
}

func TestEndWakesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log Log
		done := make(chan error)
		for range 3 {
			r := log.Reader()
			go func() {
				_, err := r.Next(t.Context())
				done <- err
			}()
		}
		synctest.Wait()
		log.Close()
		for range 3 {
			require.Equal(t, io.EOF, <-done)
		}
	})
}

func TestNextEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := new(Log).Reader().Next(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestReaderStartsAtTheEnd(t *testing.T) {
	var log Log
	log.Publish(message(1))
	r := log.Reader()
	log.Publish(message(2))
	log.Close()
	heard, missed := listen(t, r)
	require.Equal(t, []int{2}, heard)
	require.Zero(t, missed)
}

func TestLongMessageStaysWhole(t *testing.T) {
	log := Log{Keep: 1}
	r := log.Reader()
	long := bytes.Repeat([]byte("y"), 5*segmentSize)
	log.Publish(message(1))
	log.Publish(long)
	log.Publish(message(2))
	span, err := r.Take()
	require.NoError(t, err)
	require.Equal(t, message(1), span)
	_, err = r.Take()
	require.Equal(t, &LaggedError{Missed: 1}, err, "it alone is more than is kept")
	span, err = r.Take()
	require.NoError(t, err)
	require.Equal(t, message(2), span)

	log.Publish(long)
	span, err = r.Take()
	require.NoError(t, err)
	require.Equal(t, long, span, "a reader that is in time gets it in one piece")
}

func TestEmptyMessageIsNone(t *testing.T) {
	var log Log
	r := log.Reader()
	require.False(t, log.Publish(nil))
	select {
	case <-r.News():
		t.Fatal("news of nothing")
	default:
	}
}

// What is older than KeepFor is missed, though it is kept; what is younger is not.
func TestAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := Log{KeepFor: time.Minute}
		late := log.Reader()
		each := segmentSize / len(message(0))
		for i := range 3 * each { // three segments, one a minute
			if i > 0 && i%each == 0 {
				<-time.After(time.Minute)
			}
			log.Publish(message(i))
		}
		intime := *late
		span, err := intime.Take()
		require.NoError(t, err, "it has been full for a minute, and no longer")
		require.Equal(t, message(0), span[:len(message(0))])

		<-time.After(time.Minute + 1)
		require.EqualValues(t, 3*each, late.Lag())
		_, err = late.Take()
		require.Equal(t, &LaggedError{Missed: uint64(2 * each)}, err, "two segments, told as one gap")
		span, err = late.Take()
		require.NoError(t, err)
		require.Equal(t, message(2*each), span[:len(message(0))])
		require.Zero(t, late.Lag())
	})
}

// After Finish, a reader gets what was there by then, then the end, whatever others say; they go on. One that is behind
// is not told of more than it would have got.
func TestFinish(t *testing.T) {
	log := Log{Keep: 2 * segmentSize}
	one, other := log.Reader(), log.Reader()
	for n := range 3 {
		log.Publish(message(n))
	}
	require.False(t, one.Passed(3))
	one.Finish()
	log.Publish(message(3))
	one.Finish()
	taken, err := one.Take()
	require.NoError(t, err)
	require.Subset(t, numbers(t, taken), []int{0, 1, 2})
	for range 2 {
		_, err = one.Next(t.Context())
		require.Equal(t, io.EOF, err)
	}
	require.False(t, one.Passed(3), "its end is still to be told")
	taken, _ = other.Take()
	require.Equal(t, []int{0, 1, 2, 3}, numbers(t, taken))
	require.True(t, other.Passed(4))
	require.False(t, other.Passed(5))

	late := log.Reader()
	fill := func(segments int) {
		for n := range segments * segmentSize / 7 {
			log.Publish(message(n))
		}
	}
	fill(2)
	late.Finish()
	total := log.Count() - 4
	fill(10)
	taken, _ = late.Take() // the segment that it is in
	_, err = late.Take()
	require.Equal(t, &LaggedError{Missed: total - uint64(len(taken)/7)}, err)
	_, err = late.Take()
	require.Equal(t, io.EOF, err)
}
