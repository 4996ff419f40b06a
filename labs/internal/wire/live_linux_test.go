package wire

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/require"
)

// needsNamespace is openCapture's condition, for a test that opens its capture itself.
func needsNamespace(t *testing.T) { require.NoError(t, openCapture(t).Close()) }

// What the file holds, seen through the same tracker, is what the capture has seen.
func TestPcapReadBack(t *testing.T) {
	needsNamespace(t)
	server := echo(t, "127.0.0.1:0")
	var file bytes.Buffer // the capture's goroutine writes it, and has ended when it is read
	c, err := OpenTo(&file)
	require.NoError(t, err)
	conn := dial(t, server)
	exchange(t, conn, "hello")
	goodbye(t, conn)
	require.NoError(t, c.Wait(deadline(t), func(events []Event) bool { return count(events, FIN) == 2 }))
	want := events(t, c)
	require.NoError(t, c.Close())

	r, err := pcapgo.NewReader(&file)
	require.NoError(t, err)
	require.Equal(t, layers.LinkTypeEthernet, r.LinkType())
	var got []Event
	tracker := newTracker(func(e Event) { got = append(got, e) }, func() int { return MaxPayload })
	d := newDecoder()
	for {
		data, info, err := r.ReadPacketData()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		require.Equal(t, info.Length, info.CaptureLength)
		src, dst, kind := d.decode(data)
		require.Equal(t, gopacket.LayerType(layers.LayerTypeTCP), kind, "no marker is in the file")
		tracker.see(packet{at: info.Timestamp, src: src, dst: dst, tcp: &d.tcp})
	}
	tracker.end()
	require.Len(t, got, len(want))
	for i := range want {
		require.True(t, want[i].At.Equal(got[i].At), "to the nanosecond")
		require.Equal(t, want[i].String(), got[i].String())
	}
}

func TestPcapThatCannotBeWritten(t *testing.T) {
	_, err := OpenTo(failing{0})
	require.ErrorContains(t, err, "write pcap: full")

	needsNamespace(t)
	c, err := OpenTo(failing{24}) // the file's header fits, no packet does
	require.NoError(t, err)
	defer c.Close()
	net.Dial("tcp", "127.0.0.1:8080")
	require.ErrorContains(t, c.Sync(deadline(t)), "write pcap: full")
}

// failing takes writes of one size only.
type failing struct{ size int }

func (f failing) Write(p []byte) (int, error) {
	if len(p) != f.size {
		return 0, errors.New("full")
	}
	return len(p), nil
}

// A capture that is taken from goes on when it would have been full.
func TestTake(t *testing.T) {
	c := &Capture{changed: make(chan struct{})}
	for range MaxEvents {
		c.add(Event{Kind: SYN})
	}
	c.add(Event{Kind: RST})
	require.True(t, c.Full())
	require.Len(t, c.Take(), MaxEvents)
	require.Empty(t, c.Take())
	for c.kept < MaxTotal {
		c.add(Event{Kind: WSFrame, Frame: &Frame{Payload: make([]byte, MaxPayload)}})
	}
	require.Zero(t, c.room())
	c.Take()
	require.Equal(t, MaxPayload, c.room())
	c.add(Event{Kind: FIN})
	require.Equal(t, FIN, c.Take()[0].Kind)
}

func TestHead(t *testing.T) {
	for _, length := range []uint64{0, 125, 126, 1 << 16} {
		f := Frame{Fin: true, Opcode: Text, Masked: true, Key: [4]byte{1, 2, 3, 4}, Length: length, Payload: make([]byte, length)}
		whole := AppendFrame(nil, f)
		head := f.Head()
		require.Equal(t, whole[:len(whole)-int(length)-4], head)
	}
	require.Equal(t, []byte{0x81}, Frame{Fin: true, Opcode: Text, Overlong: true}.Head())
}
