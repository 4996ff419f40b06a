package wire

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gopacket/gopacket/afpacket"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// The ring is memory that the kernel writes packets into and this process reads, packet(7) with PACKET_RX_RING.
// A plain packet socket loses half of a stream of long messages: its buffer, which only root may enlarge, holds few
// of the 64 KiB segments of a loopback.
const (
	blockSize    = 128 << 10 // room for one of the largest segments, or five hundred small ones
	blocks       = 128
	blockTimeout = 10 * time.Millisecond  // after which a block that is not full is handed over: all together, how long we may be kept from reading
	lookUp       = 500 * time.Millisecond // after which read returns even if nothing came
)

type ring struct{ socket *afpacket.TPacket }

func openRing() (*ring, error) {
	socket, err := afpacket.NewTPacket(
		afpacket.OptInterface("lo"),
		afpacket.TPacketVersion3,
		afpacket.OptFrameSize(blockSize), // the kernel packs packets closely; a frame is only what divides a block
		afpacket.OptBlockSize(blockSize),
		afpacket.OptNumBlocks(blocks),
		afpacket.OptBlockTimeout(blockTimeout),
		afpacket.OptPollTimeout(lookUp),
	)
	if err != nil {
		return nil, fmt.Errorf("open packet socket on %q: %w", "lo", err)
	}
	filter, err := bpf.Assemble(incoming())
	if err == nil {
		err = socket.SetBPF(filter)
	}
	if err != nil {
		socket.Close()
		return nil, fmt.Errorf("filter packets: %w", err)
	}
	return &ring{socket}, nil
}

// incoming drops the outgoing copy of each packet: a loopback shows both.
func incoming() []bpf.Instruction {
	const all = 1 << 18
	return []bpf.Instruction{
		bpf.LoadExtension{Num: bpf.ExtType},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.PACKET_OUTGOING, SkipTrue: 1},
		bpf.RetConstant{Val: all},
		bpf.RetConstant{Val: 0},
	}
}

// read waits for a packet, which is valid until the next call. After a while without any the error is os.ErrDeadlineExceeded.
func (r *ring) read() ([]byte, time.Time, error) {
	data, info, err := r.socket.ZeroCopyReadPacketData()
	if errors.Is(err, afpacket.ErrTimeout) {
		err = os.ErrDeadlineExceeded
	}
	return data, info.Timestamp, err
}

func (r *ring) lost() int {
	_, stats, err := r.socket.SocketStats()
	if err != nil {
		return 0
	}
	return int(stats.Drops())
}

// close must not come during read: the memory is gone after it.
func (r *ring) close() { r.socket.Close() }
