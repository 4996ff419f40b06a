//go:build unix

package main

import (
	"io"
	"net"
	"syscall"
)

// A direct connection lets its reader do something before it waits, and can be written to without waiting.
type direct struct {
	raw           syscall.RawConn
	beforeWaiting func()

	// write writes as much of a piece as the kernel takes now. The caller sees to it that the connection stays open meanwhile: the
	// number of its socket would be given to a stranger. ([syscall.RawConn] would see to that too, and takes a twentieth of the time
	// of a pass through a large crowd.)
	write func(piece []byte) (int, error)

	// A read's arguments and results. RawConn wants a function; one made for each read would cost an allocation.
	bytes   []byte
	n       int
	err     error
	readNow func(descriptor uintptr) bool
}

// newDirect returns nil if conn is not the system's own kind of connection. The reader calls beforeWaiting.
func newDirect(conn net.Conn, beforeWaiting func()) *direct {
	system, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := system.SyscallConn()
	if err != nil {
		return nil
	}
	d := &direct{raw: raw, beforeWaiting: beforeWaiting}
	d.readNow = d.readOnce
	err = raw.Control(func(descriptor uintptr) {
		d.write = func(piece []byte) (int, error) { return writeNow(int(descriptor), piece) }
	})
	if err != nil {
		return nil
	}
	return d
}

func writeNow(socket int, piece []byte) (int, error) {
	if len(piece) == 0 {
		return 0, nil
	}
	n, err := syscall.Write(socket, piece)
	switch err {
	case nil:
		return n, nil
	case syscall.EAGAIN, syscall.EINTR: // full, or not now: the pump knows what to do
		return 0, nil
	}
	return 0, err
}

// read is net.Conn's Read, and calls beforeWaiting if there is nothing to be read yet. Only one goroutine at a time may call it.
func (d *direct) read(b []byte) (int, error) {
	d.bytes = b
	if err := d.raw.Read(d.readNow); err != nil {
		return 0, err
	}
	if d.err != nil {
		return 0, d.err
	}
	if d.n == 0 && len(b) > 0 {
		return 0, io.EOF
	}
	return d.n, nil
}

// readOnce reports whether the read is done. If not, it is called again when there is something.
func (d *direct) readOnce(descriptor uintptr) bool {
	for {
		n, err := syscall.Read(int(descriptor), d.bytes)
		switch err {
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
			d.beforeWaiting()
			return false
		}
		d.n, d.err = n, err
		return true
	}
}
