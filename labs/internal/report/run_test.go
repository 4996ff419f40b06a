package report

import (
	"fmt"
	"strings"
	"time"

	"broadcastlab/labs"
)

// The runs that the tests write. They are made here, by hand, so that a golden file shows the writer and nothing else.

func check(n int, kind labs.Kind, name, title string) labs.Check {
	return labs.Check{Number: n, Name: name, Kind: kind, Title: title}
}

var (
	allHear = check(1, labs.Required, "all-hear", "What one says, all hear, once each.")
	inOrder = check(2, labs.Required, "in-order", "A hundred messages arrive complete, once, in order, at everyone.")
	several = check(3, labs.Required, "several", "Several senders at once: everyone hears the same conversation.")
	welcome = check(4, labs.Stretch, "welcome", "A new client, and nobody else, is greeted first.")
	logs    = check(5, labs.Stretch, "logs", "The server logs each connection and each message.")
)

func passed(c labs.Check, took time.Duration) labs.Verdict {
	return labs.Verdict{Check: c, Outcome: labs.Pass, Duration: took}
}

// senderSkipped is the failure that the first lesson announces.
func senderSkipped() labs.Verdict {
	events := []labs.Event{
		{At: 2 * time.Millisecond, Who: "server", Kind: labs.Started, Text: "go run ./server"},
		{At: 9 * time.Millisecond, Who: "server", Kind: labs.Listens, Text: "127.0.0.1:8080"},
		{At: 10 * time.Millisecond, Who: "ann", Kind: labs.Joined, To: "server"},
		{At: 12 * time.Millisecond, Who: "ann", Kind: labs.Sent, To: "server", Text: "plum 4f2c"},
		{At: 13 * time.Millisecond, Who: "ben", Kind: labs.Received, To: "server", Text: `127.0.0.1:5000: "plum 4f2c"`},
		{At: 13 * time.Millisecond, Who: "cat", Kind: labs.Received, To: "server", Text: `127.0.0.1:5000: "plum 4f2c"`},
		{Who: "ann", Kind: labs.Received, To: "server", Missing: true},
	}
	return labs.Verdict{
		Check: allHear, Outcome: labs.Fail, Phase: "The one who said it hears it too.", Line: 9,
		Failure: &labs.Failure{
			Headline: `ann said "plum 4f2c". ben and cat heard it. ann herself did not.`,
			Expected: `ann hears  … "plum 4f2c"`,
			Heard:    "nothing",
			Excerpt:  events[3:],
			Facts:    []string{"server (pid 41) is alive and listens on 127.0.0.1:8080"},
			Next:     "Look where the server goes through its clients: does the loop leave one out?",
			ByHand:   []string{"go run ./server", "go run ./client   (twice, in two more terminals)"},
		},
		Duration: 210 * time.Millisecond, Transcript: events, Saved: ".lab/last/1-all-hear",
		Log: "> server\n> peer ann\n> hears ann plum\nFAIL: 1-all-hear.txtar:9: nothing came",
	}
}

func failing(c labs.Check) labs.Verdict {
	v := senderSkipped()
	v.Check, v.Phase = c, ""
	return v
}

func lab(n int, title string, verdicts ...labs.Verdict) Lab {
	l := Lab{Lab: labs.Lab{Number: n, Dir: fmt.Sprintf("%02d-lab", n), Title: title}}
	for _, v := range verdicts {
		v.Check.Lab = l.Dir
		v.Check.File = fmt.Sprintf("labs/%s/%d-%s.txtar", l.Dir, v.Check.Number, v.Check.Name)
		l.Verdicts = append(l.Verdicts, v)
	}
	return l
}

func broadcast(verdicts ...labs.Verdict) Lab {
	return lab(1, "Broadcast to all, the sender included", verdicts...)
}

func runOf(all ...Lab) Run {
	start := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	return Run{
		Tool: "lab", Command: "go tool lab", Version: "v0.1.0", Commit: "0123abc", Seed: "71c3", Started: start, Finished: start.Add(3100 * time.Millisecond),
		Isolated: true, Host: Host{OS: "linux", Arch: "amd64", Go: "go1.26"}, Submission: "~/chat", BuildTime: 1900 * time.Millisecond, Labs: all,
	}
}

func allPass() Run {
	ms := time.Millisecond
	return runOf(
		broadcast(passed(allHear, 40*ms), passed(inOrder, 90*ms), passed(several, 60*ms), passed(welcome, 9*ms), passed(logs, 8*ms)),
		lab(2, "2000 is not 8080", passed(allHear, 700*ms)),
		lab(12, "One chat, two machines", passed(allHear, 12*time.Second)),
	)
}

// diagnosed is the same failure with its cause known.
func diagnosed() labs.Verdict {
	v := senderSkipped()
	f := *v.Failure
	f.Cause, f.CauseID, f.Also = "Your server leaves the sender out: everyone else is served.", "sender-skipped", []string{"first-only"}
	v.Failure = &f
	return v
}

func oneFail() Run { return runOf(broadcast(senderSkipped(), passed(inOrder, 90*time.Millisecond))) }

func manyFail() Run {
	skipped := labs.Verdict{Check: welcome, Outcome: labs.Skip, Why: "an earlier check of this lab failed"}
	r := runOf(
		broadcast(senderSkipped(), failing(inOrder), passed(several, time.Second/10), failing(welcome), failing(logs)),
		lab(2, "2000 is not 8080", passed(allHear, time.Second/10), skipped),
		lab(3, "A TCP connection becomes a WebSocket", failing(allHear)),
	)
	r.Isolated, r.Why = false, "user namespaces are refused on this machine"
	return r
}

func notBuilt() Run {
	why := "# chat/server\nserver/main.go:12:3: undefined: foo\nserver/main.go:14:9: declared and not used: bar\n"
	v := func(c labs.Check) labs.Verdict { return labs.Verdict{Check: c, Outcome: labs.Build, Why: why} }
	return runOf(broadcast(v(allHear), v(inOrder), v(welcome)), lab(2, "2000 is not 8080", v(allHear)))
}

func unjudged() Run {
	held := `port 8080 of this machine is held by "docker-proxy" (pid 911)`
	v := func(c labs.Check, whose labs.Whose, line int, why string) labs.Verdict {
		return labs.Verdict{Check: c, Outcome: labs.Error, Whose: whose, Line: line, Why: why}
	}
	skip := labs.Verdict{Check: allHear, Outcome: labs.Skip, Why: "this system cannot show the wire"}
	return runOf(
		broadcast(v(allHear, labs.Machine, 0, held), v(inOrder, labs.Machine, 0, held), passed(several, time.Second/10)),
		lab(2, "2000 is not 8080", v(allHear, labs.Script, 7, `unknown command "heers"`)),
		lab(3, "A TCP connection becomes a WebSocket", v(allHear, labs.Kit, 0, "wire: index out of range")),
		lab(8, "Are you still there?", skip),
	)
}

// hostile holds what a program might print to take over a terminal, an XML parser, a log reader or a person's eye.
const hostile = "\x1b[2J\x1b]52;c;bG9s\x07\x00 \u202egnp.exe ]]> <script>&amp; \xff\xfe zero\u200bwidth\u009b31m\r" +
	"::error::forged ##[error]forged --- PASS: TestAll\n::add-mask::x\ttab"

func hostileRun() Run {
	v := senderSkipped()
	long := strings.Repeat("same ", 400)
	v.Failure.Headline = "ann said " + hostile
	v.Failure.Expected, v.Failure.Heard = long+"end"+hostile, long+"other end"+hostile
	v.Failure.Excerpt[1].Text = hostile
	v.Failure.Excerpt[2].Text = strings.Repeat("李雷 and Jim ", 10_000)
	v.Failure.Excerpt[2].Who = hostile
	v.Failure.Facts, v.Failure.Next, v.Failure.ByHand = []string{hostile}, hostile, []string{hostile}
	v.Log, v.Saved = hostile, "sub\x1bmissions/::error::"
	build := labs.Verdict{Check: allHear, Outcome: labs.Build, Why: "::error::a.go:1:1: " + hostile}
	machine := labs.Verdict{Check: allHear, Outcome: labs.Error, Whose: labs.Machine, Why: "held by " + hostile}
	r := runOf(broadcast(v), lab(2, "2000 is not 8080", build), lab(3, "A TCP connection becomes a WebSocket", machine))
	r.Submission = hostile
	return r
}
