package wire

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// OpenTo is Open, and also writes every packet to w in the pcap format that Wireshark reads, each with one Write: whenever
// the process ends, the file is whole. The capture's own markers are left out. An error of w ends the capture.
func OpenTo(w io.Writer) (*Capture, error) {
	t := &tee{w: w}
	t.pcap = pcapgo.NewWriterNanos(&t.record)
	if err := t.pcap.WriteFileHeader(snapLength, layers.LinkTypeEthernet); err != nil {
		return nil, fmt.Errorf("write pcap: %w", err)
	}
	if err := t.flush(); err != nil {
		return nil, err
	}
	return open(t)
}

// snapLength is the longest packet that there may be in a pcap file; loopback packets are 64 KiB and a little at most.
const snapLength = 256 << 10

// A tee writes what passes by to a file. It belongs to the capture's goroutine; nil writes nothing.
type tee struct {
	w      io.Writer
	record bytes.Buffer
	pcap   *pcapgo.Writer
}

func (t *tee) packet(at time.Time, data []byte) error {
	if t == nil {
		return nil
	}
	if err := t.pcap.WritePacket(gopacket.CaptureInfo{Timestamp: at, CaptureLength: len(data), Length: len(data)}, data); err != nil {
		return fmt.Errorf("write pcap: %w", err)
	}
	return t.flush()
}

func (t *tee) flush() error {
	_, err := t.record.WriteTo(t.w)
	if err != nil {
		return fmt.Errorf("write pcap: %w", err)
	}
	return nil
}

// Take hands over the events that came since the last call. The capture keeps them no longer, so that it may run for as
// long as somebody takes them.
func (c *Capture) Take() []Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	events := c.events
	c.events, c.kept = nil, 0
	return events
}
