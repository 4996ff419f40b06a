package pod

import (
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKernelAndTablesAgree(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0", ":0"} {
		l, err := net.Listen("tcp", addr)
		require.NoError(t, err)
		defer l.Close()
		port := l.Addr().(*net.TCPAddr).AddrPort().Port()
		for name, list := range map[string]func() ([]listener, error){"kernel": askListeners, "tables": readTables} {
			all, err := list()
			require.NoError(t, err, name)
			want := netip.AddrPortFrom(l.Addr().(*net.TCPAddr).AddrPort().Addr().Unmap(), port)
			ids := map[netip.AddrPort]uint64{}
			for _, l := range all {
				ids[l.addr] = l.id
			}
			require.Contains(t, ids, want, "%s: %s", name, addr)
			require.NotZero(t, ids[want], "%s: %s", name, addr)
		}
	}
}

func BenchmarkListeners(b *testing.B) {
	for name, list := range map[string]func() ([]listener, error){"kernel": askListeners, "tables": readTables} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := list(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
