package harness

import (
	"net"

	"golang.org/x/sys/unix"
)

// deafen has the kernel throw away all that comes in on a connection, before TCP sees it (socket(7), SO_ATTACH_FILTER). So it
// acknowledges nothing any more, and to the other side the network has gone.
func deafen(c net.Conn) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	raw.Control(func(fd uintptr) {
		nothing := []unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K, K: 0}} // keep 0 bytes of each packet
		unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: 1, Filter: &nothing[0]})
	})
}
