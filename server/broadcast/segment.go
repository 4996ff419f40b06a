package broadcast

import (
	"sync/atomic"
	"time"
)

// segmentSize is large enough that one system call sends many messages, and small enough that a stalled reader,
// who holds the segment that it is in, holds little.
const segmentSize = 64 << 10

// A segment is one piece of the log: whole messages, one behind the other. What is written stays as it is, so readers
// need no lock. A segment that neither the log nor a cursor points to is garbage: nobody has to free it.
type segment struct {
	first uint64 // number of its first message, counted from the beginning of the log
	born  time.Time
	data  []byte // as long as there is room; filled says how much of it is written

	// filled is messages<<32 | bytes: one value, so that a reader's count always agrees with the bytes it got.
	// It is stored after the bytes, which makes them visible to whoever loads it.
	filled atomic.Uint64

	// next is nil in the last segment. Once it is set, filled no longer changes.
	// A segment that was cut off points to itself: were the link left, a stalled reader would hold all that follows.
	next atomic.Pointer[segment]
}

func newSegment(first uint64, size int) *segment {
	return &segment{first: first, born: time.Now(), data: make([]byte, max(size, segmentSize))}
}

// fill returns how many messages and bytes are written.
func (s *segment) fill() (messages uint64, bytes int) {
	f := s.filled.Load()
	return f >> 32, int(f & (1<<32 - 1))
}

func (s *segment) room() int {
	_, bytes := s.fill()
	return len(s.data) - bytes
}

// append adds a message that there is room for. Only one goroutine at a time may append.
func (s *segment) append(message []byte) {
	messages, bytes := s.fill()
	bytes += copy(s.data[bytes:], message)
	s.filled.Store((messages+1)<<32 | uint64(bytes))
}

func (s *segment) cut() { s.next.Store(s) }
