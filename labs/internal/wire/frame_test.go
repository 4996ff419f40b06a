package wire

import (
	"bytes"
	"errors"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// The frames that RFC 6455 shows in section 5.7, byte for byte.
func TestFramesOfTheRFC(t *testing.T) {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	k256, k64 := bytes.Repeat([]byte("."), 256), bytes.Repeat([]byte("."), 65536)
	for _, test := range []struct {
		name  string
		wire  string
		frame Frame
	}{
		{"unmasked text", "\x81\x05Hello", Frame{Fin: true, Opcode: Text, Payload: []byte("Hello")}},
		{"masked text", "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
			Frame{Fin: true, Opcode: Text, Masked: true, Key: key, Payload: []byte("Hello")}},
		{"first fragment", "\x01\x03Hel", Frame{Opcode: Text, Payload: []byte("Hel")}},
		{"last fragment", "\x80\x02lo", Frame{Fin: true, Opcode: Continuation, Payload: []byte("lo")}},
		{"ping", "\x89\x05Hello", Frame{Fin: true, Opcode: Ping, Payload: []byte("Hello")}},
		{"masked pong", "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
			Frame{Fin: true, Opcode: Pong, Masked: true, Key: key, Payload: []byte("Hello")}},
		{"256 bytes", "\x82\x7e\x01\x00" + string(k256), Frame{Fin: true, Opcode: Binary, Payload: k256}},
		{"64 KiB", "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + string(k64), Frame{Fin: true, Opcode: Binary, Payload: k64}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.frame.Length = uint64(len(test.frame.Payload))
			got, err := ReadFrame(strings.NewReader(test.wire), math.MaxInt)
			require.NoError(t, err)
			require.Equal(t, test.frame, got)
			require.Equal(t, test.wire, string(AppendFrame(nil, test.frame)))
		})
	}
}

func TestRoundTrip(t *testing.T) {
	sizes := map[int]int{0: 2, 1: 2, 125: 2, 126: 4, 65535: 4, 65536: 10} // payload: header
	for size, header := range sizes {
		for _, f := range []Frame{
			{Fin: true, Opcode: Text},
			{Fin: true, Opcode: Binary, Masked: true, Key: [4]byte{1, 2, 3, 4}},
			{RSV: 4, Opcode: Continuation},
			{RSV: 7, Opcode: 0xf, Masked: true},
		} {
			if size > 0 {
				f.Payload = bytes.Repeat([]byte("abcde"), size/5+1)[:size]
			}
			f.Length = uint64(size)
			b := AppendFrame([]byte("before"), f)
			if f.Masked {
				require.Len(t, b, len("before")+header+4+size)
			} else {
				require.Len(t, b, len("before")+header+size)
			}
			got, err := ReadFrame(iotest.OneByteReader(bytes.NewReader(b[len("before"):])), size)
			require.NoError(t, err)
			require.Equal(t, f, got)
		}
	}
}

func TestMaskedLeavesThePayloadAlone(t *testing.T) {
	payload := []byte("hello")
	AppendFrame(nil, Frame{Masked: true, Key: [4]byte{1, 2, 3, 4}, Payload: payload})
	require.Equal(t, "hello", string(payload))
}

func TestOverlong(t *testing.T) {
	for _, wire := range []string{"\x81\x7e\x00\x02hi", "\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x02hi"} {
		f, err := ReadFrame(strings.NewReader(wire), 10)
		require.NoError(t, err)
		require.Equal(t, Frame{Fin: true, Opcode: Text, Length: 2, Overlong: true, Payload: []byte("hi")}, f)
	}
	f := Frame{Fin: true, Opcode: Text, Overlong: true, Payload: []byte("hi")}
	require.Equal(t, "\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x02hi", string(AppendFrame(nil, f)))
}

func TestLimit(t *testing.T) {
	b := AppendFrame(nil, Frame{Fin: true, Opcode: Text, Masked: true, Key: [4]byte{9, 8, 7, 6}, Payload: []byte("hello world")})
	b = AppendFrame(b, Frame{Fin: true, Opcode: Ping})
	for limit, want := range map[int]string{-1: "", 0: "", 5: "hello", 10: "hello worl", 11: "hello world"} {
		r := bytes.NewReader(b)
		f, err := ReadFrame(r, limit)
		require.NoError(t, err)
		require.Equal(t, want, string(f.Payload))
		require.Equal(t, limit < 11, f.Cut)
		require.EqualValues(t, 11, f.Length)

		next, err := ReadFrame(r, limit)
		require.NoError(t, err)
		require.Equal(t, Frame{Fin: true, Opcode: Ping}, next)
		_, err = ReadFrame(r, limit)
		require.Equal(t, io.EOF, err)
	}
}

func TestCutShort(t *testing.T) {
	for _, f := range []Frame{
		{Opcode: Text, Masked: true, Payload: []byte("hello")},
		{Opcode: Text, Payload: make([]byte, 300)},
		{Opcode: Text, Masked: true, Overlong: true, Payload: []byte("hello")},
	} {
		b := AppendFrame(nil, f)
		for _, limit := range []int{0, 2, 1000} {
			for n := 1; n < len(b); n++ {
				_, err := ReadFrame(bytes.NewReader(b[:n]), limit)
				require.Equal(t, io.ErrUnexpectedEOF, err, "%d of %d bytes, limit %d", n, len(b), limit)
			}
		}
	}
	_, err := ReadFrame(strings.NewReader(""), 10)
	require.Equal(t, io.EOF, err)

	broken := errors.New("broken")
	_, err = ReadFrame(io.MultiReader(strings.NewReader("\x81\x05he"), iotest.ErrReader(broken)), 10)
	require.ErrorIs(t, err, broken)
}

// A header that announces more than there is must not make room for it.
func TestEmptyPromise(t *testing.T) {
	const promise = "\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xffx"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadFrame(strings.NewReader(promise), math.MaxInt)
	runtime.ReadMemStats(&after)
	require.Equal(t, io.ErrUnexpectedEOF, err)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
}

func TestAcceptKey(t *testing.T) {
	require.Equal(t, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", AcceptKey("dGhlIHNhbXBsZSBub25jZQ=="))
}

func TestCloseStatus(t *testing.T) {
	for payload, want := range map[string]struct {
		code   int
		reason string
	}{
		"":            {1005, ""},
		"\x03":        {0, ""},
		"\x03\xe8":    {1000, ""},
		"\x03\xe9bye": {1001, "bye"},
	} {
		code, reason := CloseStatus([]byte(payload))
		require.Equal(t, want.code, code)
		require.Equal(t, want.reason, reason)
	}
}

func TestOpcode(t *testing.T) {
	var names []string
	for _, o := range []Opcode{Continuation, Text, Binary, 0x3, Close, Ping, Pong, 0xb} {
		names = append(names, o.String())
		require.Equal(t, o >= 8, o.Control())
	}
	require.Equal(t, "continuation text binary opcode 0x3 close ping pong opcode 0xb", strings.Join(names, " "))
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("\x81\x05Hello"), 3)
	f.Add([]byte("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), 100)
	f.Add([]byte("\x81\x7e\x00\x02hi"), 1)
	f.Add([]byte("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xffx"), math.MaxInt)
	f.Fuzz(func(t *testing.T, data []byte, limit int) {
		r := bytes.NewReader(data)
		frame, err := ReadFrame(r, limit)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(frame.Payload), max(limit, 0))
		require.Equal(t, frame.Cut, uint64(len(frame.Payload)) < frame.Length)
		require.NotEmpty(t, frame.String())
		require.NotContains(t, frame.Content(), "\x1b", "it is shown to people")
		if frame.Cut {
			return
		}
		again, err := ReadFrame(bytes.NewReader(AppendFrame(nil, frame)), limit)
		require.NoError(t, err)
		require.Equal(t, frame, again)
	})
}
