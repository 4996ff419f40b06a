package main

import (
	"encoding/binary"

	"github.com/gorilla/websocket"
)

// The first byte of a control frame: final, and its opcode (RFC 6455 5.5).
const (
	final     = 0x80
	closeByte = final | websocket.CloseMessage
	pingByte  = final | websocket.PingMessage
	pongByte  = final | websocket.PongMessage
)

// frame encodes a message as one frame, final and unmasked as a server's frames are (RFC 6455 5.2).
func frame(opcode int, payload string) []byte {
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

// unmask returns what a client masked with key (RFC 6455 5.3).
func unmask(key, masked []byte) string {
	plain := make([]byte, len(masked))
	for i, b := range masked {
		plain[i] = b ^ key[i%4]
	}
	return string(plain)
}
