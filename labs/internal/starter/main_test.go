package starter

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs/internal/judge"
)

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0") // else each pod's first process waits a second at its end, under -race
	judge.Main()
	os.Exit(m.Run())
}

// here is the kit that these tests are in.
func here(t *testing.T) Kit {
	t.Helper()
	kit, err := Find(t.Context(), "")
	require.NoError(t, err)
	return kit
}
