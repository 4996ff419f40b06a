package harness

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"broadcastlab/labs"
)

// An engine runs one script with testscript and keeps how it ended. It is the testscript.T of that run.
type engine struct {
	log     strings.Builder
	failed  bool
	skipped bool
	why     string // the engine's own words for a failure, or the reason of a skip
	line    int    // of the script, where it failed
}

// ended is what ends the script's goroutine, as testing.T does.
type ended struct{}

func (e *engine) run(c *check, file, work string) {
	commands := map[string]func(*testscript.TestScript, bool, []string){}
	for _, command := range Commands() {
		commands[command.Name] = func(ts *testscript.TestScript, neg bool, args []string) { c.do(ts, command, neg, args) }
	}
	testscript.RunT(e, testscript.Params{
		Files:       []string{file},
		WorkdirRoot: work,
		Cmds:        commands,
		Condition:   c.condition,
		Setup: func(env *testscript.Env) error {
			for name, value := range c.variables() {
				env.Setenv(name, value)
			}
			env.Defer(c.finish)
			return nil
		},
	})
	e.locate(file)
}

// do runs one command of the script. An error ends the script; told remembers it whole.
func (c *check) do(ts *testscript.TestScript, command Command, neg bool, args []string) {
	c.ts = ts
	c.t.mu.Lock()
	c.about = args
	c.t.mu.Unlock()
	if neg && !command.Negatable {
		c.told = usageError("! is not possible; usage: %s", command.usage())
	} else {
		c.told = command.run(c, neg, args)
	}
	if use, ok := c.told.(*misuse); ok {
		use.why = command.Name + ": " + use.why
	}
	if c.told != nil {
		c.t.note(labs.Event{Who: "check", Kind: labs.Note, Text: "ended here: " + c.told.Error()})
		ts.Fatalf("%v", c.told)
	}
}

// variables are what every script finds set.
func (c *check) variables() map[string]string {
	v := c.texts.variables()
	for _, p := range phrases {
		v[p.name] = p.pattern
	}
	v["ADDR"], v["URL"] = c.addr, "ws://"+c.addr
	v["HERE"], v["THERE"] = c.job.Submission.meeting()
	return v
}

// condition decides what stands in brackets before a command.
func (c *check) condition(name string) (bool, error) {
	s := c.job.Submission
	switch name {
	case "wire":
		return c.wire != nil, nil
	case "isolated":
		return c.job.Isolated, nil
	case "fixed": // both programs have one and the same address and take no other
		return s.Server.Fixed != "" && s.Server.Fixed == s.Client.Fixed, nil
	case "bare": // both programs can be started with no address given
		return s.Server.Bare != nil && s.Client.Bare != nil, nil
	case "sigterm":
		return runtime.GOOS != "windows", nil
	}
	return false, fmt.Errorf("there is no condition %q", name)
}

// story is the log without the environment at its top: a text of 100 kB is in it.
func (e *engine) story() string {
	log := e.log.String()
	if environment, rest, ok := strings.Cut(log, "\n\n"); ok && strings.HasPrefix(environment, "WORK=") {
		return rest
	}
	return log
}

var failedAt = regexp.MustCompile(`^FAIL: (.+?):(\d+): (.*)`)

// locate takes line and words of a failure out of the engine's log.
func (e *engine) locate(file string) {
	if !e.failed {
		return
	}
	log := e.log.String()
	if m := failedAt.FindStringSubmatch(log[max(0, strings.LastIndex("\n"+log, "\nFAIL: ")):]); m != nil {
		e.line, _ = strconv.Atoi(m[2])
		e.why = m[3]
	}
}

// Run, Parallel, Log and the others are what testscript.T asks for.
func (e *engine) Run(_ string, f func(testscript.T)) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(ended); !ok {
				panic(r)
			}
		}
	}()
	f(e)
}

func (e *engine) Parallel()         {}
func (e *engine) Verbose() bool     { return true }
func (e *engine) Log(args ...any)   { fmt.Fprintln(&e.log, args...) }
func (e *engine) FailNow()          { e.failed = true; panic(ended{}) }
func (e *engine) Fatal(args ...any) { e.Log(args...); e.why = fmt.Sprint(args...); e.FailNow() }
func (e *engine) Skip(args ...any) {
	e.skipped, e.why = true, strings.TrimSpace(fmt.Sprintln(args...))
	panic(ended{})
}

var (
	guards   = regexp.MustCompile(`^(?:\[[^\]]*\]\s*)+`)
	negation = regexp.MustCompile(`^!\s+`)
)

// Lint says what is wrong with a script before it runs, and on which line: a command or a condition that does not exist, a check
// that asserts nothing. A script that asserts nothing, or only where a condition holds, would pass whatever it is run on.
func Lint(check labs.Check) (line int, err error) {
	asserts := false
	script, _, _ := strings.Cut(check.Script, "\n-- ")
	for i, text := range strings.Split(script, "\n") {
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		guard := guards.FindString(text)
		if unknown := unknownCondition(guard); unknown != "" {
			return i + 1, fmt.Errorf("unknown condition %q; lab help script lists them", unknown)
		}
		rest := strings.Fields(negation.ReplaceAllString(text[len(guard):], ""))
		if len(rest) == 0 {
			return i + 1, fmt.Errorf("want a command behind %q", text)
		}
		name := rest[0]
		command, ok := find(name)
		switch {
		case ok:
			asserts = asserts || command.Asserts && guard == ""
		case name == "env" || name == "skip":
		default:
			return i + 1, fmt.Errorf("unknown command %q; lab help script lists them", name)
		}
	}
	if !asserts {
		return 0, fmt.Errorf("the script asserts nothing, so it would pass whatever happens: add a line with hears, exits or the like")
	}
	return 0, nil
}

// unknownCondition returns the first condition in a guard like "[wire] [!fixed] " that does not exist. The engine's own are not
// allowed: they ask about the machine, and [short] works in go test alone.
func unknownCondition(guard string) string {
	for name := range strings.FieldsFuncSeq(guard, func(r rune) bool { return strings.ContainsRune("[] \t", r) }) {
		known := func(c [2]string) bool { return c[0] == "["+strings.TrimPrefix(name, "!")+"]" }
		if !slices.ContainsFunc(Conditions(), known) {
			return name
		}
	}
	return ""
}
