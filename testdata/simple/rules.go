package simple

import "unicode/utf8"

// rules are what a server asks of a client's frames.
type rules struct {
	maxMessage int
	forgive    func(code uint16) bool
}

// broken says with which Close code a frame is answered that comes behind the text so far; 0: it is right.
func (r *rules) broken(f Frame, text []byte) uint16 {
	if r == nil {
		return 0
	}
	for _, rule := range []struct {
		broken bool
		code   uint16
	}{
		{!f.Masked || f.Reserved != 0 || !known(f.Opcode), 1002},
		{f.Control() && (!f.Final || len(f.Payload) > 125), 1002},
		{f.Opcode == Binary, 1003},
		{!f.Control() && len(text)+len(f.Payload) > r.maxMessage, 1009},
		{!f.Control() && f.Final && !utf8.Valid(append(text, f.Payload...)), 1007},
	} {
		if rule.broken && !r.forgive(rule.code) {
			return rule.code
		}
	}
	return 0
}

func known(opcode byte) bool {
	switch opcode {
	case Continuation, Text, Binary, Close, Ping, Pong:
		return true
	}
	return false
}
