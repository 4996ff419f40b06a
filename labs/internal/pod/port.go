package pod

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Owner is a process that listens. Pid 0 means that it cannot be told, for instance since it is another user's.
type Owner struct {
	Pid  int
	Name string
}

// listener is one listening TCP socket.
type listener struct {
	addr netip.AddrPort
	id   uint64 // what owners finds it by
}

// Listening tells what listens on TCP in this network namespace, asked of the kernel. ok is false where that
// cannot be asked cheaply.
func Listening() (ports []netip.AddrPort, ok bool) {
	if !cheap {
		return nil, false
	}
	all, err := listeners()
	for _, l := range all {
		ports = append(ports, l.addr)
	}
	return ports, err == nil
}

// Ports tells what the process and those that it started listen on, nil when it is not known.
func Ports(pid int) []netip.AddrPort {
	all, err := listeners()
	if err != nil {
		return nil
	}
	owned := owners()
	var ports []netip.AddrPort
	family := family(pid)
	for _, l := range all {
		if family[owned[l.id].Pid] {
			ports = append(ports, l.addr)
		}
	}
	return ports
}

// Holder tells who listens on addr, or on an address that excludes it. ok says that somebody does, even where the
// owner cannot be named.
func Holder(addr netip.AddrPort) (Owner, bool) {
	all, err := listeners()
	if err != nil {
		return Owner{}, bind(addr) != nil
	}
	for _, l := range all {
		if conflict(l.addr, addr) {
			return owners()[l.id], true
		}
	}
	return Owner{}, false
}

// conflict tells whether two sockets on these addresses cannot both listen. The unspecified IPv6 address takes
// IPv4 too, unless a program asks otherwise (ipv6(7), IPV6_V6ONLY), and few do.
func conflict(a, b netip.AddrPort) bool {
	if a.Port() != b.Port() {
		return false
	}
	x, y := a.Addr().Unmap(), b.Addr().Unmap()
	covers := func(x, y netip.Addr) bool { return x.IsUnspecified() && (x.Is6() || y.Is4()) }
	return x == y || covers(x, y) || covers(y, x)
}

// Free tells whether addr could be listened on right now: nil if so.
func Free(addr netip.AddrPort) error {
	if err := bind(addr); err != nil {
		return err
	}
	// Some systems let a socket on 127.0.0.1 take over part of one on all addresses, so the bind alone does not tell.
	all, _ := listeners()
	for _, l := range all {
		if conflict(l.addr, addr) {
			return fmt.Errorf("listen on %s: somebody listens on %s", addr, l.addr)
		}
	}
	return nil
}

func bind(addr netip.AddrPort) error {
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(addr))
	if err != nil {
		return err
	}
	return l.Close()
}

// The range of TakePort lies below those that systems take the ports of outgoing connections from.
const (
	firstPort = 20000
	lastPort  = 32000
)

// TakePort finds a free TCP port on 127.0.0.1 that no outgoing connection takes meanwhile, and that no other pod of this machine gets
// until giveBack or the end of the process: TakePort holds the UDP port of the same number, which no TCP listener minds. Where no free
// one turns up, it is one that is not free: listening on it then says why.
func TakePort() (addr netip.AddrPort, giveBack func()) {
	for range 100 {
		addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), firstPort+rand.N[uint16](lastPort-firstPort))
		token, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(addr))
		if err != nil {
			continue
		}
		if Free(addr) == nil {
			return addr, func() { token.Close() }
		}
		token.Close()
	}
	return addr, func() {}
}

// LockPort waits until no other pod of this user's has the port locked, and locks it until unlock or the end of
// the process. In an isolated pod the port is nobody else's, and there is nothing to wait for. The end of ctx ends the wait.
func LockPort(ctx context.Context, port uint16) (unlock func(), _ error) {
	if inside() {
		return func() {}, nil
	}
	folder := filepath.Join(os.TempDir(), "broadcastlab-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("lock port %d: %w", port, err)
	}
	file := lockedfile.MutexAt(filepath.Join(folder, fmt.Sprintf("port-%d.lock", port)))
	type turn struct {
		unlock func()
		err    error
	}
	turns := make(chan turn, 1)
	go func() {
		unlock, err := file.Lock()
		turns <- turn{unlock, err}
	}()
	var mine turn
	select {
	case mine = <-turns:
	case <-ctx.Done():
		// The system's wait cannot be called off (flock(2)): the lock is given back when it is there.
		go func() {
			if late := <-turns; late.err == nil {
				late.unlock()
			}
		}()
		mine.err = context.Cause(ctx)
	}
	if mine.err != nil {
		return nil, fmt.Errorf("lock port %d: %w", port, mine.err)
	}
	return mine.unlock, nil
}
