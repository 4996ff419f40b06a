package harness

import (
	"bufio"
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/wire"
)

func TestAnnouncedReadsNothing(t *testing.T) {
	for _, size := range []int{0, 125, 126, 1<<16 - 1, 1 << 16} {
		frame := wire.AppendFrame(nil, wire.Frame{Fin: true, Opcode: wire.Text, Masked: true, Payload: make([]byte, size)})
		r := bufio.NewReader(bytes.NewReader(frame))
		n, err := announced(r)
		require.NoError(t, err)
		require.Equal(t, uint64(size), n)
		f, err := wire.ReadFrame(r, size)
		require.NoError(t, err)
		require.Len(t, f.Payload, size)
	}
}

func TestAnnouncedWantsAWholeHead(t *testing.T) {
	for _, head := range [][]byte{nil, {0x81}, {0x81, 126, 1}, {0x81, 127, 0, 0, 0, 0, 0, 0, 1}} {
		_, err := announced(bufio.NewReader(bytes.NewReader(head)))
		require.Error(t, err)
	}
}
