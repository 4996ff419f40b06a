package wire

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// inNamespace is set, in the process that the tests run in, to why it has no network namespace of its own, or to "yes".
const inNamespace = "WIRE_TEST_NAMESPACE"

// TestMain runs the tests in a network namespace of their own, so that they see nobody else's packets and need not be root.
func TestMain(m *testing.M) {
	if os.Getenv(inNamespace) == "yes" {
		if err := loopbackUp(); err != nil {
			fmt.Fprintln(os.Stderr, "bring up loopback:", err)
			os.Exit(1)
		}
	}
	if os.Getenv(inNamespace) != "" {
		os.Exit(m.Run())
	}
	status, err := runSelf("yes", &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	})
	if err != nil {
		status, err = runSelf(err.Error(), nil)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

func runSelf(namespace string, attr *syscall.SysProcAttr) (status int, err error) {
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), inNamespace+"="+namespace)
	cmd.SysProcAttr = attr
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}

func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo)
}

// openCapture opens a capture that the test closes at its end; without a namespace the test is skipped, but fails in CI.
func openCapture(t testing.TB) *Capture {
	t.Helper()
	if why := os.Getenv(inNamespace); why != "yes" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no network namespace: ", why)
		}
		t.Skip("no network namespace: ", why)
	}
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}
