package pod

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// The kernel tells listening sockets alone through sock_diag(7). Its table in /proc costs milliseconds instead, since
// every read of that walks all connections of the machine.

const (
	diagByFamily = 20               // SOCK_DIAG_BY_FAMILY in linux/sock_diag.h
	listening    = 1 << 10          // the bit of TCP_LISTEN in net/tcp_states.h
	diagRequest  = 16 + 56          // struct nlmsghdr and struct inet_diag_req_v2
	diagAnswer   = 4 + 48 + 4*4 + 4 // struct inet_diag_msg: head, socket id, four counters, inode
)

// askListeners asks for the listening sockets of both families.
func askListeners() ([]listener, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_INET_DIAG)
	if err != nil {
		return nil, fmt.Errorf("ask for sockets: %w", err)
	}
	defer unix.Close(fd)
	var all []listener
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		request := make([]byte, diagRequest)
		binary.NativeEndian.PutUint32(request[0:], diagRequest)
		binary.NativeEndian.PutUint16(request[4:], diagByFamily)
		binary.NativeEndian.PutUint16(request[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
		request[16], request[17] = family, unix.IPPROTO_TCP
		binary.NativeEndian.PutUint32(request[20:], listening)
		if err := unix.Sendto(fd, request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
			return nil, fmt.Errorf("ask for sockets: %w", err)
		}
		found, err := readListeners(fd)
		if err != nil {
			return nil, fmt.Errorf("ask for sockets: %w", err)
		}
		all = append(all, found...)
	}
	return all, nil
}

// readListeners reads the answer to one request, which may take several messages.
func readListeners(fd int) ([]listener, error) {
	var all []listener
	buf := make([]byte, 64<<10)
	for {
		n, _, err := unix.Recvfrom(fd, buf, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, err
		}
		messages, err := syscall.ParseNetlinkMessage(buf[:n])
		if err != nil {
			return nil, err
		}
		for _, m := range messages {
			switch {
			case m.Header.Type == unix.NLMSG_DONE:
				return all, nil
			case m.Header.Type == unix.NLMSG_ERROR && len(m.Data) >= 4:
				return nil, unix.Errno(-int32(binary.NativeEndian.Uint32(m.Data)))
			case len(m.Data) >= diagAnswer:
				all = append(all, parseDiag(m.Data))
			}
		}
	}
}

// parseDiag reads a struct inet_diag_msg. Ports and addresses are in network order, the rest in the machine's own.
func parseDiag(data []byte) listener {
	raw := data[8:24]
	if data[0] == unix.AF_INET {
		raw = raw[:4]
	}
	ip, _ := netip.AddrFromSlice(raw)
	return listener{
		addr: netip.AddrPortFrom(ip.Unmap(), binary.BigEndian.Uint16(data[4:])),
		id:   uint64(binary.NativeEndian.Uint32(data[68:])),
	}
}
