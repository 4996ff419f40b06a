package main

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	gopsutil "github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"
)

// Rows 27 and 32: the program lives through a crowd whose clients join, leave, talk, stall, reset and send garbage at random.
// Those among them who keep the rules all hear one conversation. Seen from outside, the program does not grow; when all
// have left, nothing of them is left; and SIGTERM sends a full house home in time.
//
// The crowd is small and the time short, unless the environment says otherwise:
//
//	CHAOS_CLIENTS=2000 CHAOS_FOR=10m go test -count=1 -timeout 0 -v -run TestChaos ./server    (or: make soak)
//
// CHAOS_SEED repeats what each client did, though not when.
func TestChaos(t *testing.T) {
	t.Parallel()
	clients, err := strconv.Atoi(cmp.Or(os.Getenv("CHAOS_CLIENTS"), "25"))
	require.NoError(t, err)
	length, err := time.ParseDuration(cmp.Or(os.Getenv("CHAOS_FOR"), "2s"))
	require.NoError(t, err)
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("CHAOS_SEED"), fmt.Sprint(rand.Uint64())), 10, 64)
	require.NoError(t, err)
	t.Logf("CHAOS_CLIENTS=%d CHAOS_FOR=%v CHAOS_SEED=%d", clients, length, seed)
	const keep = 4 << 20
	cmd, out := process(t, "-quiet", "-metrics", "127.0.0.1:0", "-handshake-wait", "30s", "-ping", "5s", "-write-wait", "5s", "-keep", fmt.Sprint(keep))
	look := watch(t, cmd, out)
	eventually := func(holds func(sample) bool, what string) (s sample) {
		require.Eventually(t, func() bool { s = look(); return holds(s) }, patience, 100*time.Millisecond, what)
		return s
	}
	p := &program{addr: out.await(t, `listening on (\S+)\n`)}
	before := look()
	t.Logf("before:   %v", before)

	// However large the crowd is, the machine has two cores for it and the program together.
	const deliveries, most = 40_000, 500 // a second: messages to one client each, and messages said
	turns := time.NewTicker(time.Second / time.Duration(min(deliveries/clients, most)))
	defer turns.Stop()
	c := &crowd{addr: p.addr, turns: turns.C, over: make(chan struct{}), longest: min(length/4, 20*time.Second)}
	residents, guests := max(2, clients/10), clients*2/5
	staying := make([]*member, residents)
	var talking, listening sync.WaitGroup
	for i := range staying {
		staying[i], err = c.join(length + patience)
		require.NoError(t, err)
		staying[i].stay.resident = true
		defer staying[i].Close()
	}
	staying[0].stay.all = []uint64{} // nobody has said anything yet
	for i := range clients {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		switch {
		case i < residents:
			listening.Go(func() { c.listen(staying[i]) })
			talking.Go(func() { c.talk(staying[i], random, nil) })
		case i < residents+guests:
			talking.Go(func() { c.repeat(random, c.visit) })
		default:
			talking.Go(func() { c.repeat(random, c.riot) })
		}
	}
	var seen []sample
	clock := time.NewTicker(length / 40)
	defer clock.Stop()
	for began := time.Now(); time.Since(began) < length || len(seen) < 5; <-clock.C {
		seen = append(seen, look())
		if len(seen)%4 == 0 {
			t.Logf("%8v: %v", time.Since(began).Round(time.Second/10), seen[len(seen)-1])
		}
	}
	close(c.over)
	talking.Wait()
	eventually(func(s sample) bool { return s.clients <= residents }, "whoever is gone has left")
	for _, m := range staying {
		m.leave(false)
	}
	listening.Wait()
	c.check(t)

	// What the log of the chat may still have had to fill up is no growth.
	memory := func(part []sample) uint64 {
		part = slices.SortedFunc(slices.Values(part), func(a, b sample) int { return cmp.Compare(a.memory, b.memory) })
		return part[len(part)/2].memory
	}
	n := len(seen)
	middle, end := memory(seen[n*2/5:n*3/5]), memory(seen[n*4/5:])
	t.Logf("memory:   %.1f MiB in the middle, %.1f MiB in the end", mib(middle), mib(end))
	require.Less(t, end, middle*5/4+keep, "memory grows")
	for _, s := range seen {
		require.Less(t, s.threads, 64, "threads grow with the crowd")
	}
	t.Logf("all left: %v", eventually(func(s sample) bool {
		return s.files <= before.files && s.goroutines <= before.goroutines
	}, "nothing is left"))

	full := make(chan error, clients)
	for range clients {
		m, err := c.join(patience)
		require.NoError(t, err)
		listening.Go(func() {
			defer m.Close()
			_, _, err := m.ReadMessage()
			full <- err
		})
	}
	t.Logf("full:     %v", look())
	began := time.Now()
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	for range clients {
		err := <-full
		require.True(t, websocket.IsCloseError(err, websocket.CloseGoingAway), "%v", err)
	}
	listening.Wait()
	require.NoError(t, cmd.Wait(), "status 0")
	t.Logf("SIGTERM:  %d clients sent home in %v", clients, time.Since(began).Round(time.Millisecond))
	require.Less(t, time.Since(began), 5*time.Second)
	require.NotContains(t, out.String(), "panic")
}

// A sample is what a program holds at one time.
type sample struct {
	files, threads int    // as the system has it; zero where it does not tell
	memory         uint64 // resident, in bytes
	goroutines     int
	clients        int
}

func (s sample) String() string {
	return fmt.Sprintf("%4d clients %5d files %5d goroutines %3d threads %6.1f MiB", s.clients, s.files, s.goroutines, s.threads, mib(s.memory))
}

func mib(bytes uint64) float64 { return float64(bytes) / (1 << 20) }

// watch returns what takes a sample of a program that serves metrics.
func watch(t *testing.T, cmd *exec.Cmd, out *console) func() sample {
	url := out.await(t, `metrics on (\S+)\n`)
	system, err := gopsutil.NewProcess(int32(cmd.Process.Pid))
	require.NoError(t, err)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	goroutines, clients := regexp.MustCompile(`(?m)^go_goroutines (\d+)$`), regexp.MustCompile(`(?m)^chat_clients (\d+)$`)
	return func() (s sample) {
		files, _ := system.NumFDs()
		threads, _ := system.NumThreads()
		if memory, err := system.MemoryInfo(); err == nil {
			s.memory = memory.RSS
		}
		s.files, s.threads = int(files), int(threads)
		response, err := client.Get(url)
		require.NoError(t, err)
		defer response.Body.Close()
		page, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		for metric, value := range map[*regexp.Regexp]*int{goroutines: &s.goroutines, clients: &s.clients} {
			found := metric.FindSubmatch(page)
			require.NotNil(t, found, "no %v", metric)
			*value, err = strconv.Atoi(string(found[1]))
			require.NoError(t, err)
		}
		return s
	}
}
