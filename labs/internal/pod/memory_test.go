package pod

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMemory(t *testing.T) {
	before := Memory(os.Getpid())
	require.Positive(t, before)
	block := make([]byte, 64<<20)
	for i := 0; i < len(block); i += os.Getpagesize() {
		block[i] = 1
	}
	require.GreaterOrEqual(t, Memory(os.Getpid())-before, int64(len(block)/2))
	require.NotZero(t, block[0])
	require.Zero(t, Memory(1<<30), "a process that there is not")
}
