package broadcast

import (
	"context"
	"io"
	"math"
)

// A Reader is one cursor in a log. It belongs to one goroutine. There is nothing to close: forget it.
type Reader struct {
	log     *Log
	segment *segment
	offset  int    // bytes of segment that were taken
	number  uint64 // messages before the cursor, counted from the beginning of the log
	end     uint64 // how many there are for this reader at most
}

// Reader returns a cursor that stands behind the last message: it will see what is published from now on.
func (l *Log) Reader() *Reader {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.start()
	_, offset := l.tail.fill()
	return &Reader{log: l, segment: l.tail, offset: offset, number: l.count, end: math.MaxUint64}
}

// Finish makes what was published so far the last for this reader, as Close does for all. What comes in one piece with
// that, it may still be given. A second Finish does nothing.
func (r *Reader) Finish() { r.end = min(r.end, r.log.Count()) }

// Take returns the messages behind the cursor, one after the other and all that lie in one segment, and moves the cursor
// behind them. It returns nil when there are none, a [LaggedError] where some are missing, and io.EOF at the end of a closed log.
// The bytes are the log's own, not a copy: they never change and must not be changed.
func (r *Reader) Take() ([]byte, error) {
	for {
		// The order of these three matters: what is seen closed has its last segment, a segment that is seen to have a
		// successor has its last message.
		closed := r.log.closed.Load()
		next := r.segment.next.Load()
		messages, end := r.segment.fill()

		switch {
		case r.number >= r.end:
			return nil, io.EOF
		case next != nil && next != r.segment && r.log.outdated(next):
			r.segment, r.offset = next, 0 // its messages are older than any in next
		case r.number < r.segment.first:
			number := min(r.segment.first, r.end)
			missed := number - r.number
			r.number = number
			return nil, &LaggedError{Missed: missed}
		case r.offset < end:
			taken := r.segment.data[r.offset:end:end]
			r.offset, r.number = end, r.segment.first+messages
			return taken, nil
		case next == r.segment: // it was cut off
			r.segment, r.offset = r.log.oldest.Load(), 0
		case next != nil:
			r.segment, r.offset = next, 0
		case closed:
			return nil, io.EOF
		default:
			return nil, nil
		}
	}
}

// Passed reports whether the first n messages lie behind the cursor, while more may come.
func (r *Reader) Passed(n uint64) bool {
	return r.number >= n && r.number < r.end && !r.log.closed.Load()
}

// Lag returns how many messages the reader has yet to take or to miss.
func (r *Reader) Lag() uint64 {
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	return r.log.count - r.number
}

// News returns a channel that is closed as soon as Take has something to tell.
// Ask anew after each Take: a channel is good for one piece of news.
func (r *Reader) News() <-chan struct{} {
	l := r.log
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.number < l.count || l.closed.Load() {
		return alreadyClosed
	}
	if l.news == nil {
		l.news = make(chan struct{})
	}
	return l.news
}

var alreadyClosed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Next is Take that waits: until there is something to tell, or until ctx is done.
func (r *Reader) Next(ctx context.Context) ([]byte, error) {
	for {
		if taken, err := r.Take(); taken != nil || err != nil {
			return taken, err
		}
		select {
		case <-r.News():
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
