package main

import (
	"encoding/binary"

	"github.com/gorilla/websocket"
)

// frame encodes a message as one frame, final and unmasked as a server's frames are (RFC 6455 5.2).
func frame(opcode int, payload string) []byte {
	const final = 0x80
	first := final | byte(opcode)
	b := make([]byte, 0, 10+len(payload))
	switch n := len(payload); {
	case n < 126:
		b = append(b, first, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, first, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, first, 127), uint64(n))
	}
	return append(b, payload...)
}

func textFrame(text string) []byte { return frame(websocket.TextMessage, text) }

func closeFrame(code int, reason string) []byte {
	return frame(websocket.CloseMessage, string(websocket.FormatCloseMessage(code, reason)))
}
