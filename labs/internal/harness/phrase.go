package harness

import "regexp"

// A phrase is something that people say in many words. Scripts name the pattern, failures say what it means.
type phrase struct {
	name    string // of the variable
	pattern string
	says    string // what a line that fits says
	next    string // what to do when there is none
}

var phrases = []phrase{
	{
		name: "REFUSED", pattern: `(?i)refused|ECONNREFUSED|connect call failed`,
		says: "the connection was refused",
		next: "Print the error that the call returned, not only that it failed.",
	},
	{
		name: "INUSE", pattern: `(?i)address (is )?already in use|EADDRINUSE|only one usage of each socket address`,
		says: "the address is in use already",
		next: "Print the error that listen returned, with the address, and end with status 1.",
	},
	{
		name: "TRYING", pattern: `(?i)refused|attempt|try|tries|trying|again`,
		says: "a try has failed or another one follows",
		next: "Say so at each try: who waits wants to know what for.",
	},
	{
		name: "CLOSED", pattern: `(?i)clos|ended|shut|gone|going away|goodbye|\bbye|disconnect|1001`,
		says: "the server has closed the chat",
		next: "Print a line when the server says Close, as soon as it does: who reads along sees no other sign of it.",
	},
	{
		name: "BADURL", pattern: `(?i)^(?:[^u]|u[^s]|us[^a]).*(?:\burl|scheme|protocol|http|host|port|address|empty|missing|\bws)`,
		says: "the URL cannot work, and why",
		next: "Look at the URL before you dial: the scheme, the host, the port. How to call the program may follow in the lines after.",
	},
}

var addressInUse = regexp.MustCompile(phrases[1].pattern)

// phrase returns what the wish says in words, if its first pattern is one of the phrases.
func (w wish) phrase() (phrase, bool) {
	for _, p := range phrases {
		if len(w.patterns) > 0 && w.patterns[0].String() == "(?s)"+p.pattern {
			return p, true
		}
	}
	return phrase{}, false
}
