package pod

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFilesAndThreads(t *testing.T) {
	before := FilesOf(os.Getpid())
	if before == Unknown {
		t.Skip("this system does not tell")
	}
	for range 20 {
		file, err := os.Open(os.DevNull)
		require.NoError(t, err)
		defer file.Close()
	}
	require.GreaterOrEqual(t, FilesOf(os.Getpid()), before+20)
	require.Positive(t, ThreadsOf(os.Getpid()))
	require.Equal(t, Unknown, FilesOf(1<<30), "a process that there is not")
	require.Equal(t, Unknown, ThreadsOf(1<<30))
}
