package wire

// Head is the beginning of the frame as it was on the wire, up to its masking key or payload: the bits, the opcode and
// the length. Of an Overlong length it is not known how many bytes it took, so it is left out.
func (f Frame) Head() []byte {
	if f.Overlong {
		return AppendFrame(nil, Frame{Fin: f.Fin, RSV: f.RSV, Opcode: f.Opcode, Masked: f.Masked})[:1]
	}
	return appendHead(nil, f, f.Length)
}
