package wire

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// run reads the ring until the capture closes. It alone knows the connections.
func (c *Capture) run() {
	defer close(c.done)
	t := newTracker(c.add, c.room)
	defer t.end()
	self := c.self.LocalAddr().(*net.UDPAddr).AddrPort()
	d := newDecoder()
	started := false // what came before the first marker may have come before the filter, and be there twice
	for {
		data, at, err := c.ring.read()
		switch {
		case c.isClosing():
			c.fail(net.ErrClosed)
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			continue
		case err != nil:
			c.fail(err)
			return
		}
		src, dst, kind := d.decode(data)
		switch {
		case kind == layers.LayerTypeUDP && src == self && dst == self && len(d.udp.Payload) == 8:
			started = true
			c.passed(binary.BigEndian.Uint64(d.udp.Payload))
			continue
		case !started:
			continue
		case kind == layers.LayerTypeTCP:
			t.see(packet{at: at, src: src, dst: dst, tcp: &d.tcp})
		}
		if err := c.tee.packet(at, data); err != nil {
			c.fail(err)
			return
		}
	}
}

func (c *Capture) add(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.events) >= MaxEvents {
		c.missed++
		return
	}
	c.events = append(c.events, e)
	if e.Frame != nil {
		c.kept += len(e.Frame.Payload)
	}
	c.news()
}

// room is how much of the next payload to keep.
func (c *Capture) room() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.events) >= MaxEvents {
		return 0
	}
	return min(MaxPayload, MaxTotal-c.kept)
}

func (c *Capture) passed(marker uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen = max(c.seen, marker)
	c.news()
}

func (c *Capture) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
	c.news()
}

// news wakes those who wait; the caller holds mu.
func (c *Capture) news() {
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *Capture) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// A decoder takes packets apart without allocating: what it found is valid until the next one.
type decoder struct {
	eth    layers.Ethernet
	ip4    layers.IPv4
	ip6    layers.IPv6
	tcp    layers.TCP
	udp    layers.UDP
	parser *gopacket.DecodingLayerParser
	found  []gopacket.LayerType
}

func newDecoder() *decoder {
	d := &decoder{}
	d.parser = gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet, &d.eth, &d.ip4, &d.ip6, &d.tcp, &d.udp)
	d.parser.IgnoreUnsupported = true
	return d
}

// decode gives the ends of a TCP or UDP packet and says which it is; any other, or a broken one, is neither.
func (d *decoder) decode(data []byte) (src, dst netip.AddrPort, kind gopacket.LayerType) {
	if err := d.parser.DecodeLayers(data, &d.found); err != nil {
		return src, dst, gopacket.LayerTypeZero
	}
	var from, to netip.Addr
	for _, kind = range d.found {
		switch kind {
		case layers.LayerTypeIPv4:
			from, _ = netip.AddrFromSlice(d.ip4.SrcIP)
			to, _ = netip.AddrFromSlice(d.ip4.DstIP)
		case layers.LayerTypeIPv6:
			from, _ = netip.AddrFromSlice(d.ip6.SrcIP)
			to, _ = netip.AddrFromSlice(d.ip6.DstIP)
		case layers.LayerTypeTCP:
			src = netip.AddrPortFrom(from, uint16(d.tcp.SrcPort))
			dst = netip.AddrPortFrom(to, uint16(d.tcp.DstPort))
		case layers.LayerTypeUDP:
			src = netip.AddrPortFrom(from, uint16(d.udp.SrcPort))
			dst = netip.AddrPortFrom(to, uint16(d.udp.DstPort))
		}
	}
	return src, dst, kind
}
