package wire

// maxEarly bounds what a stream holds of bytes that came before their turn: far more than a loopback reorders,
// so what exceeds it waits for bytes that the capture has lost.
const maxEarly = 4 << 20

// A stream puts the segments of one direction of a TCP connection in order (RFC 9293, section 3.4).
// Sequence numbers wrap around, so they are compared by their difference.
type stream struct {
	next    uint32    // the sequence number that the next byte in order has
	open    bool      // next is known
	early   []segment // what came before its turn
	waiting int       // bytes in early
}

type segment struct {
	seq  uint32
	data []byte
}

// start is called with the sequence number of the SYN, which counts as one.
func (s *stream) start(seq uint32) {
	if !s.open {
		s.next, s.open = seq+1, true
	}
}

// push takes a segment and gives deliver what is now in order, each byte once. It copies what it keeps.
func (s *stream) push(seq uint32, data []byte, deliver func([]byte)) {
	if !s.open || len(data) == 0 {
		return
	}
	if !s.take(seq, data, deliver) {
		s.keep(seq, data)
		return
	}
	for s.takeEarly(deliver) {
	}
}

// take delivers what of a segment is new, and reports false for one whose turn has not come.
func (s *stream) take(seq uint32, data []byte, deliver func([]byte)) bool {
	known := int32(s.next - seq) // how many of its bytes were there already
	if known < 0 {
		return false
	}
	if int(known) < len(data) {
		s.next = seq + uint32(len(data))
		deliver(data[known:])
	}
	return true
}

func (s *stream) takeEarly(deliver func([]byte)) bool {
	for i, e := range s.early {
		if s.take(e.seq, e.data, deliver) {
			s.waiting -= len(e.data)
			s.early = append(s.early[:i], s.early[i+1:]...)
			return true
		}
	}
	return false
}

// keep gives up on a stream that would hold too much: the bytes that it waits for are lost.
func (s *stream) keep(seq uint32, data []byte) {
	if s.waiting += len(data); s.waiting > maxEarly {
		*s = stream{}
		return
	}
	s.early = append(s.early, segment{seq, append([]byte(nil), data...)})
}
