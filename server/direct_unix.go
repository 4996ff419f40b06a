//go:build unix

package main

import (
	"io"
	"net"
	"syscall"
)

// A direct connection lets its reader do something before it waits, and can be written to without waiting.
// It goes through [syscall.RawConn], which keeps the descriptor from being closed, and given to a stranger, meanwhile.
type direct struct {
	raw           syscall.RawConn
	beforeWaiting func()

	// A call's arguments and results. RawConn wants a function; one made for each call would cost an allocation.
	reading, writing transfer
	readNow          func(descriptor uintptr) bool
	writeNow         func(descriptor uintptr)
}

type transfer struct {
	bytes []byte
	n     int
	err   error
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
	d.readNow, d.writeNow = d.readOnce, d.writeOnce
	return d
}

// try writes as much of piece as the kernel takes now. Only one goroutine at a time may call it.
func (d *direct) try(piece []byte) (int, error) {
	if len(piece) == 0 {
		return 0, nil
	}
	d.writing = transfer{bytes: piece}
	err := d.raw.Control(d.writeNow)
	if err == nil {
		err = d.writing.err
	}
	d.writing.bytes = nil // it may be the last that holds on to a segment of the log
	return d.writing.n, err
}

func (d *direct) writeOnce(descriptor uintptr) {
	n, err := syscall.Write(int(descriptor), d.writing.bytes)
	switch err {
	case nil:
		d.writing.n = n
	case syscall.EAGAIN, syscall.EINTR: // full, or not now: the pump knows what to do
	default:
		d.writing.err = err
	}
}

// read is net.Conn's Read, and calls beforeWaiting if there is nothing to be read yet. Only one goroutine at a time may call it.
func (d *direct) read(b []byte) (int, error) {
	d.reading = transfer{bytes: b}
	if err := d.raw.Read(d.readNow); err != nil {
		return 0, err
	}
	if d.reading.err != nil {
		return 0, d.reading.err
	}
	if d.reading.n == 0 && len(b) > 0 {
		return 0, io.EOF
	}
	return d.reading.n, nil
}

// readOnce reports whether the read is done. If not, it is called again when there is something.
func (d *direct) readOnce(descriptor uintptr) bool {
	for {
		n, err := syscall.Read(int(descriptor), d.reading.bytes)
		switch err {
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
			d.beforeWaiting()
			return false
		}
		d.reading.n, d.reading.err = n, err
		return true
	}
}
