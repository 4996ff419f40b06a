package harness

import (
	"flag"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// A Command is one word of the script vocabulary. It carries its own manual: the help text and the table of the
// documentation are made from it.
type Command struct {
	Name      string
	Args      string // as usage shows them
	Summary   string // one line
	Detail    string // more lines; may be empty
	Asserts   bool   // a script needs at least one command that does
	Negatable bool   // may stand behind !

	run func(c *check, neg bool, args []string) error
}

func (c Command) usage() string { return strings.TrimSpace(c.Name + " " + c.Args) }

// Usage is the command's first line in a manual.
func (c Command) Usage() string {
	if c.Negatable {
		return "[!] " + c.usage()
	}
	return c.usage()
}

// Commands is the vocabulary, in the order of the manual.
func Commands() []Command {
	return []Command{
		{Name: "server", Args: "[-addr ADDR] [-bare] [-nowait] [-race] [NAME] [-- ARG…]", run: runServer,
			Summary: "starts the judged server and waits until its port listens",
			Detail:  "NAME is server if left out. It listens on $ADDR, or where -addr says; -bare starts it with no address at all, and waits for 127.0.0.1:8080.\n-nowait does not wait. The kernel is asked, so no connection shows up in the server's log.\n-race starts it with Go's race detector, and skips the check where that is not to be had. Each ARG is handed to the program, behind its address."},
		{Name: "client", Args: "[-url URL] [-bare] NAME", run: runClient,
			Summary: "starts the judged client",
			Detail:  "It connects to $URL, or where -url says; -bare gives it no address."},
		{Name: "peer", Args: "[-addr ADDR] NAME", run: runPeer, Negatable: true,
			Summary: "connects the kit's own client, so that a server can be judged alone",
			Detail:  "Its address becomes the variable $NAME, as a regular expression. It forgives a wrong accept key and masked frames: other checks judge those.\nWith !: it does not get in. The connection is refused or ended, or all that it hears is Close."},
		{Name: "host", Args: "[-addr ADDR] [-after TIME] NAME", run: runHost,
			Summary: "opens the kit's own server, so that a client can be judged alone",
			Detail:  "It greets nobody and passes nothing on: it says what the script says, to all its clients. -after: it takes its time to start."},
		{Name: "raw", Args: "[-addr ADDR] NAME", run: runRaw,
			Summary: "opens a plain TCP connection to the judged server"},
		{Name: "upgrade", Args: "NAME [KEY]", run: runUpgrade, Asserts: true,
			Summary: "opens a TCP connection and asserts on the opening handshake: 101 and the right accept key",
			Detail:  "KEY is made up if left out."},
		{Name: "say", Args: "[-e] [-fragments N] [-ping PAYLOAD] WHO TEXT", run: runSay,
			Summary: "types a line (client), sends a message (peer, host), sends bytes (raw)",
			Detail:  "-e reads \\r, \\n, \\t, \\\" and the like in TEXT. -fragments sends a message in N frames, -ping puts a ping behind the first."},
		{Name: "frame", Args: "[-opcode N] [-rsv N] [-nofin] [-unmasked] PEER [PAYLOAD]", run: runFrame,
			Summary: "PEER sends one frame as it is described here, right or wrong",
			Detail:  "A text frame, if no opcode is given. Escapes like \\xff in PAYLOAD are read."},
		{Name: "joins", Args: "WHO…", run: runJoins, Asserts: true,
			Summary: "waits until each WHO is in the chat: what it says comes back to it",
			Detail:  "Each says a text of its own. Where it does not come back to its sender it is enough that another WHO hears it."},
		{Name: "hears", Args: "[-exact] [-first] [-binary|-newline] [-within TIME] WHO[,WHO…] REGEXP…", run: runHears, Asserts: true, Negatable: true,
			Summary: "waits for a line or message, after the last one heard, that fits every REGEXP",
			Detail:  "-exact wants one text, to the letter; -first wants it to be the first line of all. With !: nothing that WHO was sent before what it heard last fits, apart from what a hears line has waited for.\nSo ! needs a fence before it; it never waits out a silence. Escape sequences are taken out of lines; quoted text and JSON are read as well as the line itself.\nBinary messages, and messages that end in a newline, are passed over: -binary and -newline wait for these alone."},
		{Name: "counts", Args: "WHO REGEXP MIN[-MAX]", run: runCounts, Asserts: true,
			Summary: "asserts how many of WHO's lines so far fit"},
		{Name: "capture", Args: "WHO REGEXP", run: runCapture, Asserts: true,
			Summary: "waits like hears; the named groups of REGEXP become variables"},
		{Name: "fence", Args: "SPEAKER : LISTENER…", run: runFence, Asserts: true,
			Summary: "SPEAKER says a fresh text, and every LISTENER hears it: what came before has come"},
		{Name: "talk", Args: "[-n N] [-unheard N] [-tagged] SPEAKER… : LISTENER…", run: runTalk, Asserts: true, Negatable: true,
			Summary: "each SPEAKER says N messages (10), and every LISTENER hears each once, in the same order",
			Detail:  "At most 8 messages are said that not everyone has heard, or as many as -unheard says. -tagged: each carries its own speaker's address before the text, and no other's.\nWith !: every LISTENER hears each once, and two of them in different order."},
		{Name: "pour", Args: "[-n SIZE] [-pace] SPEAKER : LISTENER…", run: runPour, Asserts: true, Negatable: true,
			Summary: "SPEAKER says 64MiB, or SIZE, in long messages, and every LISTENER hears each once, in order, without a pause",
			Detail:  "All are peers. At most 8 messages are said that not every LISTENER has heard. What is heard of it is counted, not kept.\n-pace: about as fast as the pour before it; fifteen times slower is waiting for somebody.\nWith !: at some point they hear no more, though all are connected."},
		{Name: "told", Args: "[-within TIME] PEER", run: runTold, Asserts: true, Negatable: true,
			Summary: "waits until PEER, who may have stalled, has heard the whole pour, or that it has missed some of it, or Close 1008 or 1013"},
		{Name: "quotes", Args: "QUOTED TEXT", run: runQuotes, Asserts: true,
			Summary: "asserts that QUOTED is TEXT in double quotes, escaped as Go, Rust or JSON would",
			Detail:  "Escapes like \\n in TEXT are read, as say -e does."},
		{Name: "named", Args: "SERVER WHO… [: LISTENER TEXT…]", run: runNamed, Asserts: true,
			Summary: "asserts that SERVER's connection lines for each WHO have a name of their own",
			Detail:  "With a LISTENER: the lines in which it heard each TEXT carry the same name."},
		{Name: "masked", Args: "WHO", run: runMasked, Asserts: true, Negatable: true,
			Summary: "asserts that all frames that WHO, a peer or a host, received are masked; with ! that none is"},
		{Name: "pong", Args: "WHO PAYLOAD", run: runPong, Asserts: true,
			Summary: "waits until WHO, a peer or a host, has received a pong with that payload"},
		{Name: "refuses", Args: "WHO", run: runRefuses, Asserts: true, Negatable: true,
			Summary: "waits until the server has answered WHO, a raw connection, with an HTTP answer that is not 101, or has ended it",
			Detail:  "With !: so far it has neither answered nor ended it. It never waits out a silence, so ! needs something before it that comes later than an answer."},
		{Name: "closed", Args: "[-within TIME] WHO", run: runClosed, Asserts: true,
			Summary: "waits until the server has ended the connection of WHO, a peer or a raw connection"},
		{Name: "hangup", Args: "[-fin] [-code CODE] WHO", run: runHangup,
			Summary: "ends a client's input; says Close (peer, host); ends the connection (raw)",
			Detail:  "-fin: a peer ends its connection without a Close. -code: a host says Close with that code; 1000 if left out."},
		{Name: "closecode", Args: "[-within TIME] PEER CODE[,CODE…]", run: runCloseCode, Asserts: true, Negatable: true,
			Summary: "waits until the server has said Close to PEER, with one of these codes",
			Detail:  "any stands for every code, and for none. With !: the server has ended the connection without it."},
		{Name: "visits", Args: "N", run: runVisits, Asserts: true,
			Summary: "N peers come and go, one after the other: a third says Close, a third is reset, a third just ends"},
		{Name: "crowd", Args: "N", run: runCrowd, Asserts: true,
			Summary: "N peers join, talk and leave at the same time, as the seed has it; those who stay hear the same, in the same order"},
		{Name: "norace", Args: "WHO", run: runNoRace, Asserts: true, Negatable: true,
			Summary: "asserts that WHO, started with -race, has reported no data race",
			Detail:  "End it before, so that all of its reports have come."},
		{Name: "measure", Args: "WHO", run: runMeasure,
			Summary: "notes how many files, threads and how much memory WHO, a judged program, holds"},
		{Name: "grows", Args: "[-within TIME] WHO files|threads|memory LIMIT", run: runGrows, Asserts: true, Negatable: true,
			Summary: "waits until WHO holds at most LIMIT more than when it was measured",
			Detail:  "LIMIT is a number, or as in 64MiB. Memory is the most that was seen since. Where the system does not tell, it passes.\nWith !: it goes on holding more than that."},
		{Name: "stall", Args: "WHO", run: runStall,
			Summary: "WHO, a peer, stops reading"},
		{Name: "resume", Args: "WHO", run: runResume,
			Summary: "WHO reads again"},
		{Name: "cut", Args: "WHO", run: runCut,
			Summary: "resets the connection of WHO, a peer or a raw connection"},
		{Name: "mute", Args: "WHO", run: runMute,
			Summary: "the network of WHO, a peer, goes silent: nothing comes from it any more, and nothing says so"},
		{Name: "pinged", Args: "[-within TIME|-every TIME] PEER", run: runPinged, Asserts: true, Negatable: true,
			Summary: "waits until PEER has received one more ping; it answers each",
			Detail:  "-every: within two and a half of these intervals, and not much more often than that since PEER came.\nWith !: none comes for as long as the patience lasts, though the connection is there."},
		{Name: "signal", Args: "WHO INT|TERM|KILL", run: runSignal,
			Summary: "sends a signal to a judged program"},
		{Name: "exits", Args: "[-within TIME] [-only ADDR] WHO [STATUS|!STATUS]", run: runExits, Asserts: true,
			Summary: "waits for the end of a judged program, and asserts on its status",
			Detail:  "-only: where the wire can be seen, it fails as soon as anybody tries to connect to another address."},
		{Name: "runs", Args: "[-for TIME] WHO", run: runRuns, Asserts: true,
			Summary: "asserts that a judged program has not ended, nor does so within TIME"},
		{Name: "notrace", Args: "WHO", run: runNoTrace, Asserts: true,
			Summary: "asserts that a judged program has printed no stack trace"},
		{Name: "wire", Args: "[-within TIME] syn|rst|only|elsewhere|masked|unmasked ADDR [MIN[-MAX]]", run: runWire, Asserts: true,
			Summary: "asserts on what crossed the pod's loopback",
			Detail:  "syn: so many connection attempts to ADDR (the number becomes $TRIES), rst: so many refusals by it, only: no attempt at any other address,\nelsewhere: an attempt at another address, which becomes $DIALLED, and none at ADDR,\nmasked, unmasked: all frames to, from ADDR are, and there is one at least. ADDR may be any. rst and elsewhere wait.\n-within, with syn: no more than TIME from the first attempt to the last. Guard it with [wire]."},
	}
}

// find looks a command up.
func find(name string) (Command, bool) {
	for _, command := range Commands() {
		if command.Name == name {
			return command, true
		}
	}
	return Command{}, false
}

// Conditions is the manual of what may stand in brackets before a command.
func Conditions() [][2]string {
	return [][2]string{
		{"[wire]", "what crosses the loopback can be seen"},
		{"[isolated]", "the check has a network of its own"},
		{"[fixed]", "both programs have one and the same address and take no other"},
		{"[bare]", "both programs can be started with no address given"},
		{"[sigterm]", "programs can be sent SIGTERM, as everywhere but on Windows"},
	}
}

// Variables is the manual of what every script finds set.
func Variables() [][2]string {
	return [][2]string{
		{"$TEXT1 … $TEXT9", "short texts, made up at run time from the seed; safe in a regular expression"},
		{"$WORD1 … $WORD3", "single words, made up likewise: letters and digits"},
		{"$WIDE", "a text with letters of other scripts"},
		{"$LONG", "a text of 200 characters, two blanks in a row among them"},
		{"$HUGE", "a text of 100 kB"},
		{"$ADDR, $URL", "where server and client meet"},
		{"$REFUSED, $INUSE, $TRYING, $CLOSED, $BADURL", "patterns: the connection was refused; the address is in use; a try failed or another follows; the server has closed the chat; what is wrong with a URL"},
		{"$HERE, $THERE", "127.0.0.1:2000 and 127.0.0.1:8080, or other addresses where a program has a fixed one"},
		{"$NAME", "the address of the peer NAME, as a regular expression"},
	}
}

// Manual prints the whole vocabulary.
func Manual(w io.Writer) error {
	var b strings.Builder
	b.WriteString("A check is a testscript script: one command a line, # begins a sentence that a student reads when the lines below it do not hold.\n" +
		"Its first line is \"# required: SENTENCE\" or \"# stretch: SENTENCE\".\n\nCommands\n")
	for _, c := range Commands() {
		fmt.Fprintf(&b, "\n  %s\n      %s\n", c.Usage(), c.Summary)
		for line := range strings.SplitSeq(c.Detail, "\n") {
			if line != "" {
				fmt.Fprintf(&b, "      %s\n", line)
			}
		}
	}
	b.WriteString("\nConditions, before a command\n\n")
	for _, c := range Conditions() {
		fmt.Fprintf(&b, "  %-18s%s\n", c[0], c[1])
	}
	b.WriteString("\nVariables\n\n")
	for _, v := range Variables() {
		fmt.Fprintf(&b, "  %-18s%s\n", v[0], v[1])
	}
	b.WriteString("\nTestscript's own env and skip may be used; its other commands may not.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// Table is the vocabulary as a Markdown table.
func Table() string {
	var b strings.Builder
	b.WriteString("| command | does |\n|---|---|\n")
	for _, c := range Commands() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", strings.ReplaceAll(c.Usage(), "|", `\|`), strings.ReplaceAll(c.Summary, "|", `\|`))
	}
	return b.String()
}

// options reads a command's flags. Each command has a set of its own.
func options(args []string, define func(*flag.FlagSet), least, most int) ([]string, error) {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	if define != nil {
		define(set)
	}
	if err := set.Parse(args); err != nil {
		return nil, usageError("%v", err)
	}
	rest := set.Args()
	if len(rest) < least || most >= 0 && len(rest) > most {
		return nil, usageError("has %d arguments, see lab help script", len(rest))
	}
	return rest, nil
}

// within reads a time limit from the script: -within TIME.
func (c *check) within(f *flag.FlagSet, limit *time.Duration) {
	f.Func("within", "", func(text string) (err error) {
		*limit, err = time.ParseDuration(text)
		*limit = max(*limit/time.Duration(max(1, c.job.Hurry)), min(*limit, Patience)) // what is short already stays
		return err
	})
}

var actorName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// newName checks a name that a script gives to somebody.
func (c *check) newName(name string) error {
	if !actorName.MatchString(name) {
		return usageError("%q is no name: want small letters and digits", name)
	}
	if c.actors[name] != nil {
		return usageError("there is a %q already", name)
	}
	return nil
}

// known checks that all names are somebody.
func (c *check) known(names []string) error {
	for _, name := range names {
		if c.actors[name] == nil {
			return usageError("there is no %q", name)
		}
	}
	return nil
}

// aTypeOf returns the actor of that name as a T.
func aTypeOf[T actor](c *check, name, what string) (T, error) {
	a, ok := c.actors[name].(T)
	if !ok {
		return a, usageError("%q is no %s", name, what)
	}
	return a, nil
}

// about reads a command line of n arguments, options aside, the first of which names an actor that is a T.
func about[T actor](c *check, what string, args []string, define func(*flag.FlagSet), n int) (of T, rest []string, err error) {
	if rest, err = options(args, define, n, n); err == nil {
		of, err = aTypeOf[T](c, rest[0], what)
	}
	return of, rest, err
}

// sides splits "A B : C D".
func (c *check) sides(args []string) (left, right []string, err error) {
	for i, arg := range args {
		if arg == ":" {
			left, right = args[:i], args[i+1:]
			if len(left) == 0 || len(right) == 0 {
				break
			}
			return left, right, c.known(append(append([]string{}, left...), right...))
		}
	}
	return nil, nil, usageError("want names on both sides of a :")
}
