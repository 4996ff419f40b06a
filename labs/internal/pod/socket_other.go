//go:build !linux

package pod

import (
	"fmt"
	"net/netip"

	"github.com/shirou/gopsutil/v4/net"
	"github.com/shirou/gopsutil/v4/process"
)

// cheap says that listeners may start another program, which takes its time.
const cheap = false

// listeners asks the system. A socket's id is the process that holds it.
func listeners() ([]listener, error) {
	all, err := net.Connections("tcp")
	if err != nil {
		return nil, fmt.Errorf("list sockets: %w", err)
	}
	var found []listener
	for _, c := range all {
		if c.Status != "LISTEN" {
			continue
		}
		text := c.Laddr.IP
		if text == "*" || text == "" {
			text = "::"
		}
		if ip, err := netip.ParseAddr(text); err == nil {
			addr := netip.AddrPortFrom(ip.Unmap(), uint16(c.Laddr.Port))
			found = append(found, listener{addr: addr, id: uint64(c.Pid)})
		}
	}
	return found, nil
}

// owners tells which process holds which socket; here that is the socket's id.
func owners() map[uint64]Owner {
	found := map[uint64]Owner{}
	all, _ := process.Processes()
	for _, p := range all {
		name, _ := p.Name()
		found[uint64(p.Pid)] = Owner{Pid: int(p.Pid), Name: name}
	}
	return found
}

// family is the process and those that descend from it.
func family(pid int) map[int]bool {
	members := map[int]bool{pid: true}
	all, _ := process.Processes()
	parents := map[int]int{}
	for _, p := range all {
		if parent, err := p.Ppid(); err == nil {
			parents[int(p.Pid)] = int(parent)
		}
	}
	for grown := true; grown; {
		grown = false
		for child, parent := range parents {
			if !members[child] && members[parent] {
				members[child], grown = true, true
			}
		}
	}
	return members
}
