package wire

import (
	"net/netip"
	"time"

	"github.com/gopacket/gopacket/layers"
)

// A packet is a TCP segment with its addresses. The bytes are the ring's: they are valid until the next one is read.
type packet struct {
	at       time.Time
	src, dst netip.AddrPort
	tcp      *layers.TCP
}

// A link names a connection by its ends.
type link struct{ client, server netip.AddrPort }

// maxConns bounds what is followed at a time and after; of a connection beyond it only the SYN is told.
const maxConns = 4096

// A tracker makes events of packets. It belongs to one goroutine, which calls end at last.
type tracker struct {
	emit  func(Event)
	room  func() int // how many bytes of a frame's payload to keep
	conns map[link]*conn
}

// A conn is a connection whose SYN was seen. It stays in the tracker after its end, since segments may come late.
type conn struct {
	*tracker
	link
	isn      uint32 // of the SYN: the same SYN may be sent again, another one is a new connection
	accepted bool   // the SYN was answered with a SYN
	answer   int    // status of the HTTP response; 0 before it
	client   half
	server   half
}

// A half is one direction of a connection.
type half struct {
	stream
	*dialogue
	fin  bool // the sequence number last is that of a FIN
	last uint32
}

func newTracker(emit func(Event), room func() int) *tracker {
	return &tracker{emit: emit, room: room, conns: make(map[link]*conn)}
}

// see takes a packet. Those of a connection that began before the capture are nobody's.
func (t *tracker) see(p packet) {
	if p.tcp.SYN && !p.tcp.ACK {
		t.open(p)
		return
	}
	if c := t.conns[link{p.src, p.dst}]; c != nil {
		c.see(p, &c.client, true)
	} else if c := t.conns[link{p.dst, p.src}]; c != nil {
		c.see(p, &c.server, false)
	}
}

func (t *tracker) open(p packet) {
	l := link{p.src, p.dst}
	old := t.conns[l]
	switch {
	case old != nil && old.isn == p.tcp.Seq:
	case old == nil && len(t.conns) == maxConns:
	default:
		if old != nil {
			old.end()
		}
		t.conns[l] = t.newConn(l, p.tcp.Seq)
	}
	t.emit(Event{At: p.at, Client: p.src, Server: p.dst, FromClient: true, Kind: SYN})
}

func (t *tracker) newConn(l link, isn uint32) *conn {
	c := &conn{tracker: t, link: l, isn: isn}
	c.client.dialogue = newDialogue(c.readClient)
	c.server.dialogue = newDialogue(c.readServer)
	c.client.start(isn)
	return c
}

// end stops what still listens.
func (t *tracker) end() {
	for _, c := range t.conns {
		c.end()
	}
}

func (c *conn) see(p packet, h *half, fromClient bool) {
	tell := func(kind Kind) {
		c.tell(Event{At: p.at, FromClient: fromClient, Kind: kind, Refused: kind == RST && !fromClient && !c.accepted})
	}
	if p.tcp.SYN && !fromClient {
		c.accepted = true
		h.start(p.tcp.Seq)
		tell(SYNACK)
	}
	h.push(p.tcp.Seq, p.tcp.Payload, func(data []byte) { c.hear(h, p.at, data) })
	if p.tcp.FIN {
		h.fin, h.last = true, p.tcp.Seq+uint32(len(p.tcp.Payload))
		tell(FIN)
	}
	if h.fin && h.next == h.last {
		h.dialogue.end()
	}
	if p.tcp.RST {
		c.end()
		tell(RST)
	}
}

// hear passes bytes on. A client that waits for its answer is told when it has come.
func (c *conn) hear(h *half, at time.Time, data []byte) {
	waits := c.answer == 0
	h.hear(at, data)
	if waits && c.answer != 0 {
		c.client.goOn()
	}
}

// tell emits an event of this connection.
func (c *conn) tell(e Event) {
	e.Client, e.Server = c.link.client, c.link.server
	c.emit(e)
}

func (c *conn) end() {
	c.client.dialogue.end()
	c.server.dialogue.end()
}
