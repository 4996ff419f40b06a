package pod

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cheap says that listeners takes well under a millisecond on a quiet machine.
const cheap = true

// listeners asks the kernel, and where it does not answer reads its tables (proc_pid_net(5)). A socket's id is its inode.
func listeners() ([]listener, error) {
	if all, err := askListeners(); err == nil {
		return all, nil
	}
	return readTables()
}

func readTables() ([]listener, error) {
	var all []listener
	for _, file := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a kernel without IPv6
		}
		if err != nil {
			return nil, fmt.Errorf("list sockets: %w", err)
		}
		for line := range strings.Lines(string(text)) {
			if l, ok := parseListener(line); ok {
				all = append(all, l)
			}
		}
	}
	return all, nil
}

// parseListener reads one line of a table: number, local address, remote address, state, and as tenth the inode.
func parseListener(line string) (listener, bool) {
	const stateListen = "0A" // TCP_LISTEN in the kernel's net/tcp_states.h
	fields := strings.Fields(line)
	if len(fields) < 10 || fields[3] != stateListen {
		return listener{}, false
	}
	addr, err := parseAddr(fields[1])
	if err != nil {
		return listener{}, false
	}
	inode, err := strconv.ParseUint(fields[9], 10, 64)
	return listener{addr: addr, id: inode}, err == nil
}

// parseAddr reads ADDRESS:PORT in hexadecimal. The address is one or four words of 32 bits, each in the machine's
// own byte order, the port is a plain number.
func parseAddr(text string) (netip.AddrPort, error) {
	address, number, _ := strings.Cut(text, ":")
	port, err := strconv.ParseUint(number, 16, 16)
	if err != nil {
		return netip.AddrPort{}, err
	}
	raw, err := hex.DecodeString(address)
	if err != nil || len(raw)%4 != 0 {
		return netip.AddrPort{}, fmt.Errorf("parse address %q", text)
	}
	for word := raw; len(word) > 0; word = word[4:] {
		binary.NativeEndian.PutUint32(word, binary.BigEndian.Uint32(word))
	}
	ip, ok := netip.AddrFromSlice(raw)
	if !ok {
		return netip.AddrPort{}, fmt.Errorf("parse address %q", text)
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(port)), nil
}

// owners tells which process holds which socket, by inode, as far as we may know. Of several, it is the first.
func owners() map[uint64]Owner {
	found := map[uint64]Owner{}
	for _, p := range processes() {
		folder := filepath.Join("/proc", strconv.Itoa(p.pid), "fd")
		files, _ := os.ReadDir(folder) // refused for other users' processes
		for _, file := range files {
			target, _ := os.Readlink(filepath.Join(folder, file.Name()))
			number, ok := strings.CutPrefix(target, "socket:[")
			if !ok {
				continue
			}
			inode, err := strconv.ParseUint(strings.TrimSuffix(number, "]"), 10, 64)
			if _, taken := found[inode]; err == nil && !taken {
				found[inode] = Owner{Pid: p.pid, Name: p.name}
			}
		}
	}
	return found
}

// family is the process, those that descend from it, and those still in its session, whoever their parent is now.
func family(pid int) map[int]bool {
	members := map[int]bool{pid: true}
	all := processes()
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if !members[p.pid] && (p.session == pid || members[p.parent]) {
				members[p.pid], grown = true, true
			}
		}
	}
	return members
}
