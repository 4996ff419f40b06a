package harness

import (
	"regexp"
	"strings"
)

// This file reads from a script which judged programs it starts, and makes a script that starts one of them alone.

var starts = regexp.MustCompile(`(?m)^\s*(?:\[[^\]]*\]\s*)*(server|client)\b(.*)$`)

// Starts reports whether a script starts that judged program: server or client.
func Starts(script, program string) bool {
	for _, m := range starts.FindAllStringSubmatch(script, -1) {
		if m[1] == program {
			return true
		}
	}
	return false
}

var givenAddr = regexp.MustCompile(`-(?:addr |url ws://)(\S+)`)

// Alone makes a script that starts one judged program as the script does, with the kit's own in the place of the other, and has
// them exchange a word. Where the two are not to meet, it cannot: ok is false.
func Alone(script, program string) (_ string, ok bool) {
	args := map[string]string{}
	for _, m := range starts.FindAllStringSubmatch(script, -1) {
		if _, known := args[m[1]]; !known {
			args[m[1]] = strings.TrimSpace(m[2])
		}
	}
	if place(args["server"]) != place(args["client"]) {
		return "", false
	}
	meet := place(args[program])
	if program == "server" {
		return "server " + args["server"] + "\npeer -addr " + meet + " kit\njoins kit\n", true
	}
	words := strings.Fields(args["client"])
	name := words[len(words)-1]
	return "host -addr " + meet + " kit\nclient " + args["client"] + "\n" +
		"say " + name + " $TEXT1\nhears kit $TEXT1\nsay kit $TEXT2\nhears " + name + " $TEXT2\n", true
}

// place is where a program meets the other, by the arguments that the script gives it.
func place(args string) string {
	if given := givenAddr.FindStringSubmatch(args); given != nil {
		return given[1]
	}
	if strings.Contains(args, "-bare") {
		return DefaultAddr
	}
	return "$ADDR"
}
