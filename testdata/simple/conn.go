package simple

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// The opcodes of RFC 6455, section 5.2.
const (
	Continuation = 0x0
	Text         = 0x1
	Binary       = 0x2
	Close        = 0x8
	Ping         = 0x9
	Pong         = 0xA
)

const (
	maxFrame  = 16 << 20
	writeWait = 30 * time.Second
)

// A Frame is one frame with its mask taken off.
type Frame struct {
	Final    bool
	Reserved byte // the three bits behind FIN
	Opcode   byte
	Masked   bool
	Payload  []byte
}

// Control tells whether it is a control frame (section 5.5).
func (f Frame) Control() bool { return f.Opcode&0x8 != 0 }

// A CloseError is what ReadMessage returns when the other side has said Close.
type CloseError struct{ Code int }

func (e *CloseError) Error() string { return fmt.Sprintf("closed with %d", e.Code) }

// A Conn is a TCP connection after the handshake. One goroutine reads; any may write.
type Conn struct {
	net.Conn
	r     *bufio.Reader
	mask  bool        // clients mask (section 5.3)
	out   *queue      // what is still to be sent; nil: each frame is written at once
	alive func(Frame) // called for each frame that comes; nil: nobody asks
	rules *rules      // what the other side must keep to; nil: nothing
	mu    sync.Mutex  // one frame is written at a time
}

// Addr is the other side's address.
func (c *Conn) Addr() string { return c.RemoteAddr().String() }

// ReadFrame reads one frame, whatever it is like.
func (c *Conn) ReadFrame() (Frame, error) {
	var head [8]byte
	if _, err := io.ReadFull(c.r, head[:2]); err != nil {
		return Frame{}, err
	}
	f := Frame{Final: head[0]&0x80 != 0, Reserved: head[0] >> 4 & 0x7, Opcode: head[0] & 0x0F, Masked: head[1]&0x80 != 0}
	size := uint64(head[1] & 0x7F)
	if size >= 126 {
		more := head[6:] // 126: two bytes follow; 127: eight
		if size == 127 {
			more = head[:]
		}
		clear(head[:])
		if _, err := io.ReadFull(c.r, more); err != nil {
			return Frame{}, err
		}
		size = binary.BigEndian.Uint64(head[:])
	}
	if size > maxFrame {
		return Frame{}, fmt.Errorf("read frame: %d bytes are too many", size)
	}
	var key [4]byte
	if f.Masked {
		if _, err := io.ReadFull(c.r, key[:]); err != nil {
			return Frame{}, err
		}
	}
	f.Payload = make([]byte, size)
	_, err := io.ReadFull(c.r, f.Payload)
	if err == nil && c.alive != nil {
		c.alive(f)
	}
	if f.Masked {
		xor(f.Payload, key)
	}
	return f, err
}

// ReadMessage reads the next text message. It joins fragments, and answers pings and Close.
func (c *Conn) ReadMessage() (string, error) {
	var text []byte
	for {
		f, err := c.ReadFrame()
		if err != nil {
			return "", err
		}
		if code := c.rules.broken(f, text); code != 0 {
			c.WriteClose(code)
			return "", &CloseError{int(code)}
		}
		switch f.Opcode {
		case Text, Binary, Continuation:
			text = append(text, f.Payload...)
			if f.Final {
				return string(text), nil
			}
		default:
			if err := c.Control(f); err != nil {
				return "", err
			}
		}
	}
}

// Control does what a frame that is no text asks for.
func (c *Conn) Control(f Frame) error {
	switch f.Opcode {
	case Ping:
		return c.WriteFrame(Pong, f.Payload)
	case Pong:
		return nil
	case Close:
		code := 1005 // none given (section 7.1.5)
		if len(f.Payload) >= 2 {
			code = int(binary.BigEndian.Uint16(f.Payload))
		}
		c.WriteFrame(Close, f.Payload)
		return &CloseError{code}
	}
	c.WriteClose(1002)
	return fmt.Errorf("read frame: there is no opcode %d", f.Opcode)
}

// WriteClose says Close with a status code.
func (c *Conn) WriteClose(code uint16) error {
	return c.WriteFrame(Close, binary.BigEndian.AppendUint16(nil, code))
}

// WriteFrame writes one final frame, in one system call.
func (c *Conn) WriteFrame(opcode byte, payload []byte) error {
	frame := []byte{0x80 | opcode, 0}
	switch n := len(payload); {
	case n < 126:
		frame[1] = byte(n)
	case n < 1<<16:
		frame[1] = 126
		frame = binary.BigEndian.AppendUint16(frame, uint16(n))
	default:
		frame[1] = 127
		frame = binary.BigEndian.AppendUint64(frame, uint64(n))
	}
	var key [4]byte
	if c.mask {
		rand.Read(key[:])
		frame[1] |= 0x80
		frame = append(frame, key[:]...)
	}
	start := len(frame)
	frame = append(frame, payload...)
	if c.mask {
		xor(frame[start:], key)
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	c.SetWriteDeadline(time.Now().Add(writeWait))
	_, err := c.Write(frame)
	return err
}

func xor(p []byte, key [4]byte) {
	for i := range p {
		p[i] ^= key[i&3]
	}
}
