package wire

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// shown is how many characters of a text, or bytes of anything else, a line has room for.
const shown = 60

// String tells a frame as a person reads it: text FIN "hello" masked with 37fa213d.
func (f Frame) String() string {
	words := []string{f.Opcode.String()}
	if f.Fin {
		words = append(words, "FIN")
	}
	for i, name := range []string{"RSV1", "RSV2", "RSV3"} {
		if f.RSV&(4>>i) != 0 {
			words = append(words, name)
		}
	}
	if content := f.Content(); content != "" {
		words = append(words, content)
	}
	if f.Overlong {
		words = append(words, "overlong length")
	}
	if f.Masked {
		words = append(words, "masked with "+hex.EncodeToString(f.Key[:]))
	}
	return strings.Join(words, " ")
}

// Content tells what the frame carries: its text quoted, or bytes, cut where they are long; of a Close the code and the reason.
func (f Frame) Content() string {
	if f.Opcode != Close {
		return quote(f.Payload, f.Length)
	}
	switch code, reason := CloseStatus(f.Payload); {
	case code == noStatus:
		return ""
	case code == 0:
		return quote(f.Payload, f.Length)
	case reason == "":
		return strconv.Itoa(code)
	default:
		return fmt.Sprintf("%d %s", code, quote([]byte(reason), f.Length-2))
	}
}

// quote shows the start of a payload, and the length of one that is not shown whole.
func quote(p []byte, length uint64) string {
	if !utf8.Valid(completeRunes(p)) {
		p = p[:min(len(p), shown)]
		if uint64(len(p)) == length {
			return fmt.Sprintf("% x", p)
		}
		return fmt.Sprintf("% x… (%d bytes)", p, length)
	}
	text := completeRunes(p)
	count := 0
	for i := range string(text) {
		if count == shown {
			text = text[:i]
			break
		}
		count++
	}
	if uint64(len(text)) == length {
		return strconv.Quote(string(text))
	}
	return fmt.Sprintf("%q… (%d bytes)", text, length)
}

// completeRunes leaves out a character that the end of p, a fragment or a cut, divides.
func completeRunes(p []byte) []byte {
	for i := len(p) - 1; i >= 0 && i >= len(p)-utf8.UTFMax; i-- {
		if utf8.RuneStart(p[i]) {
			if !utf8.FullRune(p[i:]) {
				return p[:i]
			}
			break
		}
	}
	return p
}
