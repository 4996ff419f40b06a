package conformance

import (
	"bytes"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// The opcodes of RFC 6455, section 11.8.
const (
	Continuation byte = 0x0
	Text         byte = 0x1
	Binary       byte = 0x2
	Close        byte = 0x8
	Ping         byte = 0x9
	Pong         byte = 0xa
)

// A Frame is one frame to send, right or wrong (section 5.2).
type Frame struct {
	Fin       bool
	RSV       byte // the three reserved bits
	Opcode    byte
	Payload   string
	Announce  uint64 // the length that the head has; zero: that of Payload
	Wide      int    // how many bytes the length has, 2 or 8; zero: as few as it takes
	WrongMask bool   // masked by a server, not masked by a client
}

// key masks a frame. It has a zero byte and a high bit, and is no palindrome.
var key = [4]byte{0x37, 0x00, 0xa1, 0x3d}

// appendTo encodes f as a client does, or as a server.
func (f Frame) appendTo(b []byte, client bool) []byte {
	first := f.RSV<<4 | f.Opcode
	if f.Fin {
		first |= 0x80
	}
	var second byte
	masked := client != f.WrongMask
	if masked {
		second = 0x80
	}
	switch n := max(f.Announce, uint64(len(f.Payload))); {
	case n < 126 && f.Wide == 0:
		b = append(b, first, second|byte(n))
	case n <= math.MaxUint16 && f.Wide != 8:
		b = binary.BigEndian.AppendUint16(append(b, first, second|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, first, second|127), n)
	}
	if !masked {
		return append(b, f.Payload...)
	}
	b = append(append(b, key[:]...), f.Payload...)
	mask(b[len(b)-len(f.Payload):], key)
	return b
}

// readFrame reads one frame, and objects to whatever an endpoint must not send.
func readFrame(r io.Reader, fromClient bool) (Frame, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:2]); err != nil {
		return Frame{}, err
	}
	f := Frame{Fin: head[0]&0x80 != 0, RSV: head[0] >> 4 & 7, Opcode: head[0] & 0xf}
	masked, n := head[1]&0x80 != 0, uint64(head[1]&0x7f)
	var err error
	least := uint64(0) // that is encoded with so many bytes
	switch n {
	case 126:
		_, err = io.ReadFull(r, head[:2])
		n, least = uint64(binary.BigEndian.Uint16(head[:])), 126
	case 127:
		_, err = io.ReadFull(r, head[:8])
		n, least = binary.BigEndian.Uint64(head[:]), 1<<16
	}
	control := f.Opcode&0x8 != 0
	switch {
	case err != nil:
		return f, err
	case masked != fromClient:
		return f, fmt.Errorf("the mask bit is %t", masked)
	case f.RSV != 0:
		return f, fmt.Errorf("reserved bits %03b", f.RSV)
	case f.Opcode > Pong || f.Opcode > Binary && !control:
		return f, fmt.Errorf("reserved opcode %#x", f.Opcode)
	case n < least || n > 1<<30:
		return f, fmt.Errorf("a length of %d in a form that is not for it", n)
	case control && (!f.Fin || n > 125):
		return f, errors.New("a control frame that is long or not final")
	}
	var key [4]byte // of zeros: no mask
	if masked {
		if _, err := io.ReadFull(r, key[:]); err != nil {
			return f, err
		}
	}
	payload := make([]byte, n)
	_, err = io.ReadFull(r, payload)
	mask(payload, key)
	f.Payload = string(payload)
	return f, err
}

// mask masks and unmasks (section 5.3). It takes large steps, since the race detector looks at each.
func mask(payload []byte, key [4]byte) {
	pad := bytes.Repeat(key[:], min(len(payload)/len(key)+1, 1<<10))
	for len(payload) > 0 {
		n := subtle.XORBytes(payload, payload, pad)
		payload = payload[n:]
	}
}

// The shorthand of the cases.
func text(payload string) Frame { return Frame{Fin: true, Opcode: Text, Payload: payload} }
func ping(payload string) Frame { return Frame{Fin: true, Opcode: Ping, Payload: payload} }
func pong(payload string) Frame { return Frame{Fin: true, Opcode: Pong, Payload: payload} }

func closing(code int, reason string) Frame {
	payload := binary.BigEndian.AppendUint16(nil, uint16(code))
	return Frame{Fin: true, Opcode: Close, Payload: string(payload) + reason}
}

// part is a fragment: the first of a message unless it is a continuation.
func part(opcode byte, payload string, fin bool) Frame {
	return Frame{Fin: fin, Opcode: opcode, Payload: payload}
}

// split makes a message of fragments of size bytes each, but for the last.
func split(opcode byte, payload string, size int) (frames []Frame) {
	for {
		n := min(size, len(payload))
		frames = append(frames, part(opcode, payload[:n], n == len(payload)))
		if opcode, payload = Continuation, payload[n:]; payload == "" {
			return frames
		}
	}
}
