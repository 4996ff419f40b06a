//go:build linux

package pod

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// findings is what an intruder tells of itself.
type findings struct {
	Uid, Gid int
	Environ  []string
	File     string            // what the file holds that it was told to read
	Refused  map[string]string // what it tried, and the name of the error; empty where it could
}

// intruderJob starts the intruder, and answers what it found.
func intruderJob(ctx context.Context, file string, out io.Writer) error {
	cmd := program(ctx, "intruder", file)
	cmd.Stdout = out
	if err := Start(cmd); err != nil {
		return err
	}
	return cmd.Wait()
}

// intruderProgram tries what a judged program must not be able to do.
func intruderProgram() int {
	first := os.Getppid()
	found := findings{Uid: os.Getuid(), Gid: os.Getgid(), Environ: os.Environ(), Refused: map[string]string{}}
	for name, try := range map[string]func() error{
		"open a packet socket": func() error {
			_, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
			return err
		},
		"switch lo":            func() error { return bringUp("lo") },
		"trace the first":      func() error { return unix.PtraceAttach(first) },
		"open the terminal":    func() error { _, err := os.Open("/dev/tty"); return err },
		"change a mount":       func() error { return unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND, "") },
		"read its environ":     func() error { _, err := os.ReadFile("/proc/" + strconv.Itoa(first) + "/environ"); return err },
		"dial another network": func() error { return unix.Connect(udp(), &unix.SockaddrInet4{Port: 53, Addr: [4]byte{192, 0, 2, 1}}) },
	} {
		var number syscall.Errno
		errors.As(try(), &number)
		found.Refused[name] = unix.ErrnoName(number)
	}
	text, err := os.ReadFile(os.Args[1])
	if found.File = string(text); err != nil {
		found.File = err.Error()
	}
	for range 20 { // one that comes while another is handled may have another effect
		for number := syscall.Signal(1); number <= 64; number++ {
			syscall.Kill(first, number)
		}
	}
	json.NewEncoder(os.Stdout).Encode(found)
	return 0
}

func udp() int {
	fd, _ := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	return fd
}

func TestIntruderStaysInItsPlace(t *testing.T) {
	w := isolated(t)
	t.Setenv("GITHUB_TOKEN", "secret")
	file := filepath.Join(t.TempDir(), "own")
	require.NoError(t, os.WriteFile(file, []byte("plum"), 0o600))
	if os.Geteuid() == 0 {
		require.NoError(t, os.Chown(file, 4242, 4242), "root reads what is another's")
	}

	answer, err := run(t, w, []byte("intruder\n"+file))
	require.NoError(t, err, "the first process lives on, whatever signals it is sent")
	var got findings
	require.NoError(t, json.Unmarshal(answer, &got))

	require.Equal(t, os.Getuid(), got.Uid)
	require.Equal(t, os.Getgid(), got.Gid)
	require.Equal(t, "plum", got.File)
	require.Equal(t, map[string]string{
		"open a packet socket": "EPERM",
		"switch lo":            "EPERM",
		"trace the first":      "EPERM",
		"open the terminal":    "ENXIO",
		"change a mount":       "EPERM",
		"read its environ":     "EACCES",
		"dial another network": "ENETUNREACH",
	}, got.Refused)
	for _, variable := range got.Environ {
		require.NotContains(t, variable, "secret")
		require.NotContains(t, variable, marker)
	}
}
