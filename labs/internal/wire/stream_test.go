package wire

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStreamOrder(t *testing.T) {
	type seg struct {
		at   int // offset in "hello, world"
		data string
	}
	for name, segs := range map[string][]seg{
		"in order":                 {{0, "hello, "}, {7, "world"}},
		"turned round":             {{7, "world"}, {0, "hello, "}},
		"three turned round":       {{9, "rld"}, {4, "o, wo"}, {0, "hell"}},
		"sent again":               {{0, "hello, "}, {0, "hello, "}, {7, "world"}, {7, "world"}},
		"sent again with more":     {{0, "hel"}, {0, "hello, w"}, {8, "orld"}},
		"overlapping":              {{0, "hello"}, {3, "lo, wor"}, {8, "orld"}},
		"early, then all of it":    {{7, "world"}, {5, ", wo"}, {0, "hello, world"}},
		"keep-alive and no bytes":  {{0, "hello, "}, {6, "?"}, {7, ""}, {7, "world"}},
		"one byte at a time, late": {{1, "ello, world"}, {0, "h"}},
	} {
		for _, isn := range []uint32{0, 1 << 31, 1<<32 - 1, 1<<32 - 5} { // the last two wrap around
			t.Run(name, func(t *testing.T) {
				var s stream
				var got []byte
				s.start(isn)
				for _, seg := range segs {
					s.push(isn+1+uint32(seg.at), []byte(seg.data), func(p []byte) { got = append(got, p...) })
				}
				require.Equal(t, "hello, world", string(got))
				require.Empty(t, s.early)
				require.Zero(t, s.waiting)
			})
		}
	}
}

func TestStreamShuffled(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	want := make([]byte, 300_000)
	for i := range want {
		want[i] = byte(random.Uint32())
	}
	var segs []segment
	for i := 0; i < len(want); {
		n := min(1+random.IntN(5000), len(want)-i)
		segs = append(segs, segment{uint32(i) + 1, want[i : i+n]})
		i += n
	}
	segs = append(segs, segs...)
	random.Shuffle(len(segs), func(i, j int) { segs[i], segs[j] = segs[j], segs[i] })
	var s stream
	var got []byte
	s.start(0)
	for _, seg := range segs {
		s.push(seg.seq, seg.data, func(p []byte) { got = append(got, p...) })
	}
	require.True(t, bytes.Equal(want, got))
	require.Zero(t, s.waiting)
}

// Nothing is known of a stream whose start was not seen, and a hole that nobody fills does not hold memory for ever.
func TestStreamGivesUp(t *testing.T) {
	deliver := func(p []byte) { require.Fail(t, "delivered", "%d bytes", len(p)) }
	var s stream
	s.push(1, []byte("x"), deliver)

	s.start(0)
	for i := range 100 {
		s.push(uint32(100+i<<16), make([]byte, 1<<16), deliver)
		require.LessOrEqual(t, s.waiting, maxEarly)
	}
	require.False(t, s.open)
	require.Empty(t, s.early)
}
