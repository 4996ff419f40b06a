package report

import (
	"cmp"
	"net/netip"
	"strings"

	"broadcastlab/labs"
)

// parties knows who is behind the addresses that are seen on the wire, as far as a transcript tells.
type parties struct {
	names   map[string]string // by address: who listens there, or came from there
	servers map[string]bool   // addresses that were connected to
	others  map[string]string // by name: whom somebody talked with last
	client  string            // who comes from an address that nobody is known for
	several bool              // there is more than one who can
}

// anyClient is how a transcript calls a client that came, when it cannot tell which.
const anyClient = "client"

// kitself is whose the remarks on the whole check are.
const kitself = "check"

func newParties(events []labs.Event) parties {
	p := parties{names: map[string]string{}, servers: map[string]bool{}, others: map[string]string{}}
	programs := map[string]bool{}
	for _, e := range events {
		switch {
		case e.Kind == labs.Started:
			programs[e.Who] = true
		case e.Kind == labs.Packet && e.Text == "SYN":
			p.servers[e.To] = true
		case e.Kind == labs.Joined && e.Who != anyClient && !e.Missing:
			address, _, _ := strings.Cut(e.Text, " ")
			p.names[address] = e.Who
		}
		if e.To != "" && !e.Missing {
			p.others[e.Who] = e.To
		}
	}
	for _, e := range events {
		if e.Kind == labs.Listens {
			delete(programs, e.Who)
			if !e.Missing {
				p.names[e.Text], p.servers[e.Text] = e.Who, true
			}
		}
	}
	p.client, p.several = anyClient, len(programs) > 1
	if len(programs) == 1 {
		for name := range programs {
			p.client = name
		}
	}
	return p
}

// ends says from whom to whom an event goes. Both are the same for what happens at one party, and empty for a remark
// of the kit's own.
func (p parties) ends(e labs.Event) (from, to string) {
	who := p.name(e.Who)
	switch e.Kind {
	case labs.Sent, labs.Joined, labs.Packet, labs.HTTP, labs.Frame:
		return who, p.name(p.other(e))
	case labs.Received:
		return p.name(p.other(e)), who
	}
	if isRemark(e) {
		return "", ""
	}
	return who, who
}

// server is who of an event's two parties serves: what peers talk to, or whoever was connected to.
func (p parties) server(e labs.Event) string {
	switch e.Kind {
	case labs.Sent, labs.Received, labs.Joined:
		if p.other(e) == anyClient {
			return p.name(e.Who) // one of the kit's own servers
		}
		return p.name(p.other(e))
	}
	for _, who := range []string{e.To, e.Who} {
		if p.servers[who] {
			return p.name(who)
		}
	}
	return ""
}

// isRemark reports whether an event is the kit's own remark on the whole check, and not one on a party.
func isRemark(e labs.Event) bool {
	return e.Kind == labs.Note && e.Who == kitself
}

// other is the second party of an event: where none is named, the one that the first has talked with.
func (p parties) other(e labs.Event) string { return cmp.Or(e.To, p.others[e.Who], e.Who) }

// name is who a party is, as a lane is headed. A long name is cut: some are made up by the judged program.
func (p parties) name(who string) string {
	const longest = 20
	if p.unknown(who) || who == anyClient {
		who = p.client
	}
	who = cmp.Or(p.names[who], who, "nobody")
	return shorten(oneLine(who), longest)
}

// unknown reports whether who is an address that somebody connected from, nobody knows who.
func (p parties) unknown(who string) bool {
	_, err := netip.ParseAddrPort(who)
	return err == nil && p.names[who] == "" && !p.servers[who]
}

// port tells apart the connections of clients that share a lane.
func (p parties) port(e labs.Event) string {
	for _, who := range []string{e.Who, e.To} {
		if p.several && p.unknown(who) {
			return who[strings.LastIndexByte(who, ':'):] + " "
		}
	}
	return ""
}
