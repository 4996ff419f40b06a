//go:build linux

package pod

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

// listenerProgram listens on a free port of 127.0.0.1, says which, and stays.
func listenerProgram() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(l.Addr())
	select {}
}

// startListener starts it and waits until it listens.
func startListener(ctx context.Context) (*exec.Cmd, error) {
	cmd := program(ctx, "listener")
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := Start(cmd); err != nil {
		return nil, err
	}
	_, err = bufio.NewReader(output).ReadString('\n')
	return cmd, err
}

// portFacts is what can be told of a program that listens.
type portFacts struct {
	Pid             int
	Listening       []netip.AddrPort
	Ports           []netip.AddrPort
	Holder          Owner
	Held, HeldAfter bool
	Free            string
	Random          netip.AddrPort
}

func portsJob(ctx context.Context, _ string, out io.Writer) error {
	cmd, err := startListener(ctx)
	if err != nil {
		return err
	}
	random, giveBack := TakePort()
	defer giveBack()
	facts := portFacts{Pid: cmd.Process.Pid, Ports: Ports(cmd.Process.Pid), Random: random}
	facts.Listening, _ = Listening()
	if len(facts.Ports) == 1 {
		everywhere := netip.AddrPortFrom(netip.IPv6Unspecified(), facts.Ports[0].Port())
		facts.Holder, facts.Held = Holder(everywhere)
		facts.Free = Free(facts.Ports[0]).Error()
		Kill(cmd)
		cmd.Wait()
		_, facts.HeldAfter = Holder(everywhere)
		if err := Free(facts.Ports[0]); err != nil {
			return err
		}
	}
	return json.NewEncoder(out).Encode(facts)
}

func TestPortFacts(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w World) {
		answer, err := run(t, w, []byte("ports\n"))
		require.NoError(t, err)
		var got portFacts
		require.NoError(t, json.Unmarshal(answer, &got))
		require.Len(t, got.Ports, 1)
		require.True(t, got.Ports[0].Addr().IsLoopback())
		require.Subset(t, got.Listening, got.Ports)
		if w.Isolated {
			require.Equal(t, got.Ports, got.Listening)
		}
		require.True(t, got.Held)
		require.Equal(t, got.Pid, got.Holder.Pid)
		require.NotEmpty(t, got.Holder.Name)
		require.False(t, got.HeldAfter)
		require.Equal(t, fmt.Sprintf("listen tcp %s: bind: address already in use", got.Ports[0]), got.Free)
		require.GreaterOrEqual(t, got.Random.Port(), uint16(firstPort))
		require.Less(t, got.Random.Port(), uint16(lastPort))
	})
}

func TestTakePortGivesEachPortOnce(t *testing.T) {
	const many = 500 // of 12,000: two of them would be the same almost surely
	taken := map[netip.AddrPort]bool{}
	for range many {
		addr, giveBack := TakePort()
		t.Cleanup(giveBack)
		require.False(t, taken[addr], "%s is given twice", addr)
		require.NoError(t, Free(addr))
		taken[addr] = true
	}
}

// bindJob listens on the literal ports, tells whoever listens at the path, and holds them until that one hangs up.
func bindJob(ctx context.Context, path string, _ io.Writer) error {
	for _, port := range []uint16{2000, 8080} {
		unlock, err := LockPort(ctx, port)
		if err != nil {
			return err
		}
		defer unlock()
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return err
		}
		defer l.Close()
	}
	conn, err := net.Dial("unix", path)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = io.Copy(io.Discard, conn)
	return err
}

func TestPortsArePrivate(t *testing.T) {
	const pods = 40
	w := isolated(t)
	path := filepath.Join(t.TempDir(), "ready")
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	defer l.Close()
	all, ctx := errgroup.WithContext(t.Context())
	stop := context.AfterFunc(ctx, func() { l.Close() }) // a pod that fails is never ready
	defer stop()
	for range pods {
		all.Go(func() error {
			_, err := w.Run(ctx, []byte("bind\n"+path))
			return err
		})
	}
	var ready []net.Conn
	for range pods {
		conn, err := l.Accept()
		if err != nil {
			require.NoError(t, all.Wait())
		}
		ready = append(ready, conn)
	}
	for _, conn := range ready {
		require.NoError(t, conn.Close())
	}
	require.NoError(t, all.Wait())
}

func TestSharedPortsAreTakenInTurn(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	unlock, err := LockPort(t.Context(), 2000)
	require.NoError(t, err)
	other, err := LockPort(t.Context(), 8080)
	require.NoError(t, err, "one port does not wait for another")
	defer other()

	files, err := filepath.Glob(filepath.Join(os.TempDir(), "*", "port-2000.lock"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	file, err := os.Open(files[0])
	require.NoError(t, err)
	defer file.Close()
	try := func() error { return unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
	require.ErrorIs(t, try(), unix.EWOULDBLOCK)

	waiting, stop := context.WithCancel(t.Context())
	stop()
	_, err = LockPort(waiting, 2000)
	require.ErrorIs(t, err, context.Canceled, "who does not want to wait any more need not")
	unlock()
	require.NoError(t, unix.Flock(int(file.Fd()), unix.LOCK_EX), "and leaves no lock behind")
}

func TestConflict(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"127.0.0.1:2000", "127.0.0.1:2000", true},
		{"127.0.0.1:2000", "127.0.0.1:2001", false},
		{"127.0.0.1:2000", "127.0.0.2:2000", false},
		{"127.0.0.1:2000", "0.0.0.0:2000", true},
		{"127.0.0.1:2000", "[::]:2000", true},
		{"127.0.0.1:2000", "[::ffff:127.0.0.1]:2000", true},
		{"127.0.0.1:2000", "[::1]:2000", false},
		{"[::1]:2000", "0.0.0.0:2000", false},
		{"0.0.0.0:2000", "[::]:2000", true},
	} {
		a, b := netip.MustParseAddrPort(c.a), netip.MustParseAddrPort(c.b)
		require.Equal(t, c.want, conflict(a, b), "%s %s", a, b)
		require.Equal(t, c.want, conflict(b, a), "%s %s", b, a)
	}
}

func TestParseListener(t *testing.T) {
	for line, want := range map[string]string{
		"   0: 0100007F:07D0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0":                                                 "127.0.0.1:2000",
		"   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0": "[::1]:8080",
		"   2: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0": "127.0.0.1:8080",
	} {
		l, ok := parseListener(line)
		require.True(t, ok)
		require.Equal(t, want, l.addr.String())
		require.Equal(t, uint64(4242), l.id)
	}
	for _, line := range []string{
		"",
		"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
		"   0: 0100007F:07D0 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0",
		"   0: 0100:07D0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0",
		"   0: 0100007F:07D0X 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0",
	} {
		_, ok := parseListener(line)
		require.False(t, ok, line)
	}
}
