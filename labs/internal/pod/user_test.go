//go:build linux

package pod

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAsOrdinaryUser runs the other tests of this package again, as somebody who is not root.
func TestAsOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("not root: the other tests have run as an ordinary user already")
	}
	const nobody = 65534
	folder, err := os.MkdirTemp("", "pod")
	require.NoError(t, err)
	defer os.RemoveAll(folder)
	require.NoError(t, os.Chown(folder, nobody, nobody))
	binary := filepath.Join(folder, "pod.test")
	copyFile(t, self(), binary)

	cmd := exec.CommandContext(t.Context(), binary, "-test.skip=Bounds|Conflict|Parse|Environ|Refus")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "TMPDIR="+folder, "HOME="+folder)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "PASS")
}

func copyFile(t *testing.T, from, to string) {
	source, err := os.Open(from)
	require.NoError(t, err)
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	require.NoError(t, err)
	_, err = io.Copy(target, source)
	require.NoError(t, err)
	require.NoError(t, target.Close())
}
