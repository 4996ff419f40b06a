package labs

import "time"

// Outcome is how a check or a lab ended.
type Outcome string

// The outcomes. Only Pass and Fail speak about the submission's behaviour.
const (
	Pass  Outcome = "pass"  // the program does what the check states
	Fail  Outcome = "fail"  // the program is wrong
	Skip  Outcome = "skip"  // not run, and Verdict.Why says why
	Build Outcome = "build" // the program does not compile, or cannot be started at all
	Error Outcome = "error" // could not judge: never the student's score; Verdict.Whose says whose
)

// Whose tells what went wrong when a check could not be judged.
type Whose string

// The causes of an Error.
const (
	Machine Whose = "machine" // the machine: a port that somebody else holds, no memory, far too busy
	Script  Whose = "script"  // the check's script is wrong
	Kit     Whose = "kit"     // the kit itself is wrong
)

// A Verdict is what one check has found out about one submission. It holds all that a report needs.
type Verdict struct {
	Check      Check
	Outcome    Outcome
	Whose      Whose         // only with Error
	Why        string        // with Skip, Build and Error: the reason, in one line or, for Build, the compiler's lines; of a mistake that is there: its sentence
	Phase      string        // with Fail: the sentence of the script that did not hold
	Line       int           // with Fail and Error: the line of the script, from 1; zero where no line is to blame
	Failure    *Failure      // only with Fail
	Duration   time.Duration // wall time, from the pod's start to its end
	Transcript []Event       // everything that happened, in order
	Log        string        // the engine's own log of the script, for lab authors (-v)
	Saved      string        // the folder with the full transcript; empty where none was kept
}

// A Failure says to a student what happened. All texts are plain and may hold what an untrusted program
// printed: whoever writes them to a terminal or a file makes control characters visible first.
type Failure struct {
	Headline string   // what happened in the chat, in words: one or two sentences
	Expected string   // what should have been heard or seen; empty where the headline says it all
	Heard    string   // what was heard or seen instead
	Excerpt  []Event  // at most 8 events that matter, one of them with Missing set where something did not come
	Facts    []string // what the system says: is it alive, what does it listen on, how did it end
	Cause    string   // the known mistake that this is, as a sentence; empty where it is none
	CauseID  string   // its ID
	Also     []string // IDs of other known mistakes that fit too: there should be none, and authors want to know
	Next     string   // one next step
	ByHand   []string // commands that repeat it by hand
}

// EventKind is the kind of an Event.
type EventKind string

// The kinds of events. Who is the subject in each; To is empty where no second party is named.
const (
	Started  EventKind = "started"  // a program was started: Text is its command line
	Listens  EventKind = "listens"  // Who listens on Text
	Typed    EventKind = "typed"    // a line was typed at Who, a program
	Printed  EventKind = "printed"  // Who, a program, printed a line on standard output
	Complain EventKind = "complain" // the same on standard error
	Sent     EventKind = "sent"     // Who, one of the kit's own peers, sent a message or bytes to To
	Received EventKind = "received" // Who, one of the kit's own peers, received a message or bytes from To
	Joined   EventKind = "joined"   // Who connected to To
	Left     EventKind = "left"     // Who's connection ended: Text says how
	Ended    EventKind = "ended"    // Who, a program, ended: Text is its status in words
	Packet   EventKind = "packet"   // on the wire, between two addresses: SYN, RST, FIN
	HTTP     EventKind = "http"     // on the wire: a request or an answer's first line
	Frame    EventKind = "frame"    // on the wire: a WebSocket frame
	Note     EventKind = "note"     // the kit's own remark
)

// An Event is one row of a transcript.
type Event struct {
	At      time.Duration `json:"at_ns"` // since the check began
	Who     string        `json:"who"`
	Kind    EventKind     `json:"kind"`
	To      string        `json:"to,omitempty"`
	Text    string        `json:"text,omitempty"`
	Missing bool          `json:"missing,omitempty"` // it did not happen, and should have
	Wrong   bool          `json:"wrong,omitempty"`   // it did happen, and should not have, or not so
}
