package wire

import (
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Opcode says what a frame is for (RFC 6455, section 5.2).
type Opcode byte

// The opcodes that RFC 6455 defines, in section 11.8. Control frames have the high bit.
const (
	Continuation Opcode = 0x0
	Text         Opcode = 0x1
	Binary       Opcode = 0x2
	Close        Opcode = 0x8
	Ping         Opcode = 0x9
	Pong         Opcode = 0xa
)

// String gives the RFC's name, or the number of an opcode that is reserved.
func (o Opcode) String() string {
	switch o {
	case Continuation:
		return "continuation"
	case Text:
		return "text"
	case Binary:
		return "binary"
	case Close:
		return "close"
	case Ping:
		return "ping"
	case Pong:
		return "pong"
	}
	return fmt.Sprintf("opcode %#x", byte(o))
}

// Control reports whether frames of this opcode may come in the middle of a fragmented message (section 5.5).
func (o Opcode) Control() bool { return o&0x8 != 0 }

// A Frame is one WebSocket frame as it was on the wire (RFC 6455, section 5.2).
// It may break the rules of the RFC: a judge has to see wrong frames, and to send them.
type Frame struct {
	Fin      bool   // the last fragment of its message
	RSV      byte   // the reserved bits: RSV1 is 4, RSV2 is 2, RSV3 is 1; zero without an extension
	Opcode   Opcode // four bits
	Masked   bool
	Key      [4]byte // zero if not Masked
	Length   uint64  // bytes of payload on the wire
	Overlong bool    // Length took more bytes than it needs, which the RFC forbids
	Payload  []byte  // unmasked; nil if empty
	Cut      bool    // Payload holds only the first bytes of Length: the reader's limit ended it
}

const (
	finBit   = 0x80
	maskBit  = 0x80
	length16 = 126 // the length is in the next 2 bytes
	length64 = 127 // the length is in the next 8 bytes
)

// ReadFrame reads one frame and keeps at most limit bytes of its payload; the rest is read and thrown away.
// The error is io.EOF only between two frames, and io.ErrUnexpectedEOF inside one.
// It reads in small pieces and never past the frame, so r is better buffered.
func ReadFrame(r io.Reader, limit int) (Frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Frame{}, err
	}
	f := Frame{
		Fin:    head[0]&finBit != 0,
		RSV:    head[0] >> 4 & 0x7,
		Opcode: Opcode(head[0] & 0xf),
		Masked: head[1]&maskBit != 0,
	}
	if err := f.readLength(r, head[1]&^maskBit); err != nil {
		return Frame{}, err
	}
	if f.Masked {
		if err := readInside(r, f.Key[:]); err != nil {
			return Frame{}, err
		}
	}
	if err := f.readPayload(r, limit); err != nil {
		return Frame{}, err
	}
	return f, nil
}

func (f *Frame) readLength(r io.Reader, short byte) error {
	var ext [8]byte
	switch short {
	case length16:
		if err := readInside(r, ext[:2]); err != nil {
			return err
		}
		f.Length = uint64(binary.BigEndian.Uint16(ext[:2]))
		f.Overlong = f.Length < length16
	case length64:
		if err := readInside(r, ext[:]); err != nil {
			return err
		}
		f.Length = binary.BigEndian.Uint64(ext[:])
		f.Overlong = f.Length <= math.MaxUint16
	default:
		f.Length = uint64(short)
	}
	return nil
}

// readPayload makes room as bytes arrive: a header may announce much and bring nothing.
func (f *Frame) readPayload(r io.Reader, limit int) error {
	const step = 64 << 10
	keep := int(min(f.Length, uint64(max(limit, 0))))
	for had := 0; had < keep; had = len(f.Payload) {
		n := min(keep-had, step)
		f.Payload = slices.Grow(f.Payload, n)[:had+n]
		if err := readInside(r, f.Payload[had:]); err != nil {
			return err
		}
	}
	if f.Masked {
		mask(f.Payload, f.Key)
	}
	rest := f.Length - uint64(keep)
	f.Cut = rest > 0
	for rest > 0 {
		n, err := io.CopyN(io.Discard, r, int64(min(rest, math.MaxInt64)))
		rest -= uint64(n)
		if err != nil {
			return inside(err)
		}
	}
	return nil
}

// AppendFrame appends f as it says of itself, wrong or not; the length is that of Payload.
func AppendFrame(dst []byte, f Frame) []byte {
	dst = appendHead(dst, f, uint64(len(f.Payload)))
	if f.Masked {
		dst = append(dst, f.Key[:]...)
	}
	start := len(dst)
	dst = append(dst, f.Payload...)
	if f.Masked {
		mask(dst[start:], f.Key)
	}
	return dst
}

// appendHead appends what comes before the masking key.
func appendHead(dst []byte, f Frame, length uint64) []byte {
	first := f.RSV&0x7<<4 | byte(f.Opcode)&0xf
	if f.Fin {
		first |= finBit
	}
	var second byte
	if f.Masked {
		second = maskBit
	}
	switch {
	case length > math.MaxUint16 || f.Overlong:
		return binary.BigEndian.AppendUint64(append(dst, first, second|length64), length)
	case length >= length16:
		return binary.BigEndian.AppendUint16(append(dst, first, second|length16), uint16(length))
	}
	return append(dst, first, second|byte(length))
}

// mask masks and unmasks: the same operation twice gives the bytes back (section 5.3).
func mask(p []byte, key [4]byte) {
	var keys [256]byte // many in a row: XORBytes takes as many bytes at a time as the processor can
	for i := range keys {
		keys[i] = key[i%len(key)]
	}
	for len(p) > 0 {
		p = p[subtle.XORBytes(p, p, keys[:]):]
	}
}

// AcceptKey is the Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (section 1.3).
func AcceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// noStatus stands for a Close that names no code; it never crosses the wire (section 7.1.5).
const noStatus = 1005

// CloseStatus takes the payload of a Close frame apart (section 5.5.1).
// The code is 1005 for an empty payload, and 0 for a single byte, which is no code at all.
func CloseStatus(payload []byte) (code int, reason string) {
	switch len(payload) {
	case 0:
		return noStatus, ""
	case 1:
		return 0, ""
	}
	return int(binary.BigEndian.Uint16(payload)), string(payload[2:])
}

func readInside(r io.Reader, p []byte) error {
	_, err := io.ReadFull(r, p)
	return inside(err)
}

// inside names the end of input for what it is in the middle of a frame.
func inside(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
