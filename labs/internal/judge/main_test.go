package judge

import (
	"os"
	"testing"
)

// TestMain lets the test binary be a pod's first process.
func TestMain(m *testing.M) {
	Main()
	os.Exit(m.Run())
}
