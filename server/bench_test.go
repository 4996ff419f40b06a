package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What it takes to bring one message to one client. The clients are part of what is measured, as they are in the same
// process: compare the lines with each other, not with another program's.
//
// With one message at a time, each delivery is a system call, however it is done. With many on their way, one call takes
// all that a client has coming, and a delivery costs a fraction of it. What a client costs does not depend on how many there are.
func BenchmarkDelivery(b *testing.B) {
	for _, writer := range []string{"direct", "pump"} {
		for _, clients := range []int{10, 100, 1000, 5000} {
			for _, window := range []int{1, 64} {
				b.Run(fmt.Sprintf("writer=%s/clients=%d/window=%d", writer, clients, window), func(b *testing.B) {
					benchmarkDelivery(b, writer, clients, window)
				})
			}
		}
	}
}

func benchmarkDelivery(b *testing.B, writer string, clients, window int) {
	p := start(b, "-quiet", "-writer", writer)
	hello := append([]byte{0x81, 0x80 | 32, 0, 0, 0, 0}, words(36)[:32]...)
	var crowd sync.WaitGroup
	var talker net.Conn
	var answers *bufio.Reader
	for i := range clients {
		conn := p.raw(b, shake)
		response, err := http.ReadResponse(bufio.NewReaderSize(conn, 256), nil)
		require.NoError(b, err)
		require.Equal(b, http.StatusSwitchingProtocols, response.StatusCode)
		if i == 0 {
			talker, answers = conn, bufio.NewReaderSize(conn, 64<<10)
			continue
		}
		crowd.Go(func() { io.Copy(io.Discard, conn) })
	}
	require.NoError(b, talker.SetDeadline(time.Time{}))
	length := 2 + len(talker.LocalAddr().String()+`: ""`) + 32 // a frame as everyone gets it
	burst := make([]byte, 0, window*len(hello))
	for range window {
		burst = append(burst, hello...)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for said := 0; said < b.N; said += window {
		talker.Write(burst)
		if _, err := answers.Discard(length * window); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(clients), "ns/delivery")
	p.end(b)
	crowd.Wait()
}
