// Package broadcast is a channel on which every reader hears everything: one log of messages, a cursor for each reader.
//
// Guarantees:
//
//   - Order. All readers see messages in one and the same order, and it keeps the order of each publisher.
//   - Loss. A reader sees every message from its making on, once, whole; or it is told by a [LaggedError] how many in a
//     row it missed, exactly there where they are missing.
//   - Blocking. Publish never waits for a reader, and takes no longer for a reader that is behind. Take never waits.
//   - Age. A reader is not given what is older than KeepFor, if that is set; it is told that it missed that.
//   - Memory. The log holds the last Keep bytes, and besides each reader at most the one segment that its cursor is in
//     (64 KiB, or one longer message). A reader that is forgotten leaves nothing behind.
//   - End. After Close nothing is added. Each reader still gets all that was published before, then io.EOF. So does a
//     single one after its Finish.
//
// In plain words: think of a notice board with one long roll of paper. Whoever has something to say writes it at the end
// of the roll, once, however many read it. Every reader has a finger on the roll and reads at its own pace. The roll is cut
// off at the top when it gets too long; a finger that was there still is told how many notices went with the piece.
//
// Not promised: that a message has been read by anybody, a history for a reader who comes later, or that a slow reader
// hears everything. Messages are bytes: the package knows neither connections nor WebSocket, and starts no goroutine.
package broadcast

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultKeep is what a Log keeps when its Keep is zero.
const DefaultKeep = 16 << 20

// A Log is the channel. Its zero value is ready to use. Its methods may be called from many goroutines.
type Log struct {
	// Keep is how many bytes are kept for readers that are behind, in whole segments and at least one.
	// Zero means DefaultKeep. It must not change once the log is in use.
	Keep int

	// KeepFor is how long a reader may be behind: what is older, it misses. It counts from the time when a segment was
	// full, so a reader may get what is older by as much as it took to say 64 KiB. Zero means no limit.
	// It must not change once the log is in use.
	KeepFor time.Duration

	closed atomic.Bool
	oldest atomic.Pointer[segment] // where a reader goes on whose segment was dropped

	mu    sync.Mutex    // guards what follows; held for as long as it takes to copy one message
	tail  *segment      // where the next message goes; nil before the first use
	kept  int           // bytes of all segments from oldest to tail
	count uint64        // messages published so far
	news  chan struct{} // closed at the next message; nil when nobody waits
}

// A LaggedError tells a reader that the log has dropped messages which it had not taken yet.
// The reader may go on: its cursor stands at the oldest message still there.
type LaggedError struct{ Missed uint64 }

func (e *LaggedError) Error() string { return fmt.Sprintf("broadcast: %d messages missed", e.Missed) }

// Publish appends a copy of message, and reports whether it did: not after Close, and not if message is empty.
func (l *Log) Publish(message []byte) bool {
	l.mu.Lock()
	if l.closed.Load() || len(message) == 0 {
		l.mu.Unlock()
		return false
	}
	l.start()
	if l.tail.room() < len(message) {
		l.extend(len(message))
	}
	l.tail.append(message)
	l.count++
	l.wakeAndUnlock()
	return true
}

// Count returns how many messages were published so far.
func (l *Log) Count() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// Close ends the log: readers get what is left, then io.EOF. A second Close does nothing.
func (l *Log) Close() {
	l.mu.Lock()
	l.closed.Store(true)
	l.wakeAndUnlock()
}

// wakeAndUnlock tells the waiting readers. It does so after it has given up the lock: waking a thousand takes a while.
func (l *Log) wakeAndUnlock() {
	news := l.news
	l.news = nil
	l.mu.Unlock()
	if news != nil {
		close(news)
	}
}

// start makes the first segment. The caller holds mu.
func (l *Log) start() {
	if l.tail == nil {
		l.tail = newSegment(0, 0)
		l.kept = len(l.tail.data)
		l.oldest.Store(l.tail)
	}
}

// extend appends a segment with room for size bytes, and drops the oldest ones that are too many. The caller holds mu.
func (l *Log) extend(size int) {
	next := newSegment(l.count, size)
	l.tail.next.Store(next)
	l.tail = next
	l.kept += len(next.data)

	keep := l.Keep
	if keep == 0 {
		keep = DefaultKeep
	}
	for old := l.oldest.Load(); l.kept > keep && old != l.tail; old = l.oldest.Load() {
		l.kept -= len(old.data)
		l.oldest.Store(old.next.Load()) // before the cut, since that is where the cut sends a reader
		old.cut()
	}
}

// outdated reports whether all that was said before s is too old for a reader.
func (l *Log) outdated(s *segment) bool { return l.KeepFor > 0 && time.Since(s.born) > l.KeepFor }
