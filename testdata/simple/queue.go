package simple

import (
	"encoding/binary"
	"sync"
)

// A queue is what a client is still to be sent, so that nobody waits for one that does not read. A goroutine of its own writes it.
type queue struct {
	most int           // bytes
	news chan struct{} // holds one when there is something to do

	mu     sync.Mutex
	frames []Frame
	bytes  int
	over   bool // no more is taken
}

func newQueue(most int) *queue { return &queue{most: most, news: make(chan struct{}, 1)} }

// put takes a frame, and reports whether there was room for it. A queue that is over takes none.
func (q *queue) put(f Frame) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over {
		return true
	}
	if q.bytes+len(f.Payload) > q.most {
		return false
	}
	q.frames = append(q.frames, f)
	q.bytes += len(f.Payload)
	q.tell()
	return true
}

// end takes some last frames, in the place of those that wait if instead is set.
func (q *queue) end(instead bool, last ...Frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over {
		return
	}
	if instead {
		q.frames = nil
	}
	q.frames = append(q.frames, last...)
	q.over = true
	q.tell()
}

func (q *queue) tell() {
	select {
	case q.news <- struct{}{}:
	default:
	}
}

// take takes all that waits.
func (q *queue) take() (frames []Frame, over bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	frames, q.frames, q.bytes = q.frames, nil, 0
	return frames, q.over
}

// drain writes what is put into a client's queue, until that is over.
func (c *Conn) drain() {
	for range c.out.news {
		frames, over := c.out.take()
		for _, f := range frames {
			if c.WriteFrame(f.Opcode, f.Payload) != nil {
				return // it is gone, and found by its reader
			}
		}
		if over {
			return
		}
	}
}

// send sends a frame as soon as the client takes it. It reports whether there was room.
func (c *Conn) send(f Frame) bool {
	if c.out == nil {
		c.WriteFrame(f.Opcode, f.Payload)
		return true
	}
	return c.out.put(f)
}

// Drop says Close 1008 to a client that does not keep up, in the place of all that it has not read.
func (c *Conn) Drop() { c.out.end(true, closeFrame(1008)) }

// bye says Close behind all that was sent.
func (c *Conn) bye(code uint16) {
	if c.out == nil {
		c.WriteClose(code)
		return
	}
	c.out.end(false, closeFrame(code))
}

func closeFrame(code uint16) Frame {
	return Frame{Final: true, Opcode: Close, Payload: binary.BigEndian.AppendUint16(nil, code)}
}
