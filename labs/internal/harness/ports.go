package harness

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"broadcastlab/labs/internal/pod"
)

// This file knows addresses: where the programs meet, and who else may be there.

// defaultAddr is the one address that both programs can have: a fixed one, else in a pod and outside a random port, which is this
// check's own until giveBack.
func (s Submission) defaultAddr() (addr string, giveBack func()) {
	for _, fixed := range []string{s.Server.Fixed, s.Client.Fixed} {
		if fixed != "" {
			return fixed, func() {}
		}
	}
	random, giveBack := pod.TakePort()
	return random.String(), giveBack
}

// meeting tells where lab 2's server listens and where its client dials first: 2000 and 8080, unless an address is fixed.
func (s Submission) meeting() (here, there string) {
	const port2000 = "127.0.0.1:2000"
	other := func(addr string) string {
		if addr == DefaultAddr {
			return port2000
		}
		return DefaultAddr
	}
	switch server, client := s.Server.Fixed, s.Client.Fixed; {
	case server != "" && client != "":
		return server, client
	case server != "":
		return server, other(server)
	case client == port2000:
		return DefaultAddr, client
	case client != "":
		return port2000, client
	}
	return port2000, DefaultAddr
}

var literalPort = regexp.MustCompile(`\$HERE|\$THERE|-bare|127\.0\.0\.1:(\d+)`)

// Ports are the addresses that a check needs for itself, whatever its world: literal ones in its script, and a fixed
// one of the submission. Empty for a check that is content with any port.
func Ports(job Job) []netip.AddrPort {
	var addrs []string
	here, there := job.Submission.meeting()
	for _, m := range literalPort.FindAllStringSubmatch(job.Check.Script, -1) {
		switch m[0] {
		case "$HERE":
			addrs = append(addrs, here)
		case "$THERE":
			addrs = append(addrs, there)
		case "-bare":
			addrs = append(addrs, DefaultAddr)
		default:
			addrs = append(addrs, m[0])
		}
	}
	addrs = append(addrs, job.Submission.Server.Fixed, job.Submission.Client.Fixed)
	var ports []netip.AddrPort
	for _, addr := range addrs {
		if p, err := netip.ParseAddrPort(addr); err == nil && !slices.Contains(ports, p) {
			ports = append(ports, p)
		}
	}
	slices.SortFunc(ports, netip.AddrPort.Compare)
	return ports
}

// TakenPort says who holds a port that a check needs.
func TakenPort(addr string) string {
	a, err := netip.ParseAddrPort(addr)
	if err != nil {
		return fmt.Sprintf("port of %s is taken", addr)
	}
	owner, _ := pod.Holder(a)
	return heldBy(addr, owner)
}

func heldBy(addr string, owner pod.Owner) string {
	if owner.Pid == 0 {
		return fmt.Sprintf("%s is held by another program of this machine, which one it does not say", addr)
	}
	return fmt.Sprintf("%s is held by %q (pid %d)", addr, owner.Name, owner.Pid)
}

// addressPattern makes an address a regular expression that also knows it as Node and others write it.
func addressPattern(addr string) string {
	host, port, _ := strings.Cut(addr, ":")
	return regexp.QuoteMeta(host) + `\]?:` + port + `\b`
}
