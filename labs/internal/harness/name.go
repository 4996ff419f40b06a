package harness

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"broadcastlab/labs"
)

// This file finds the name that a student has given to both programs. Nobody says it beforehand, and people write it in
// many ways: "Bob's Computer", "Laptop of Bob", "BOB - Computer From server". So a name is what remains of a line when the words
// of the exercise, addresses and times are taken away; and both programs carry the same name when such words are common to both.

// common are the words that a line may have without being anybody's name.
var common = wordSet(`a accepted accepting active addr address an arrived at baru been broadcast by chat client clients completed computer
	computers connect connected connecting connection connections count dari debug dengan desktop device done entered error established
	from got handler handling handshake has id incoming info is join joined klien komputer koneksi laptop level log machine masuk message
	messages msg new notebook now of on online open opened pc peer pesan port received remote request says sent server servers session
	socket started stderr stdout successfully task tcp terhubung terima the thread time to total trace upgrade upgraded user users warn
	warning was websocket with ws you`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}

var (
	// An address, a time, a port, each with the colon before it: a name may stand right there ("Bob:127.0.0.1:53422").
	anyAddress = regexp.MustCompile(`:?(?:\[[0-9a-fA-F:.]+\]|(?:::ffff:)?\d+\.\d+\.\d+\.\d+)(?::\d+)?|\d+:\d+(?::\d+)*(?:[.,]\d+)?|:\d+\b`)
	aWord      = regexp.MustCompile(`[\p{L}\p{N}]+(?:[.'’_-][\p{L}\p{N}]+)*['’]?`)
	// Where in the code a line was printed, as loggers put it: main.go:103, src/chat.rs:7:12.
	aPlaceInCode = regexp.MustCompile(`[\w./\\-]+\.(?:go|rs|py|js|mjs|ts|java|kt|cs|c|cc|cpp|rb|php|ex):\d+(?::\d+)?`)
	noName       = regexp.MustCompile(`^[\d.TZ_-]+$`)
)

// A word is one word of a line. Someone's word ("Bob's") is a name whatever it is.
type word struct {
	text    string
	someone bool
	near    bool // only blanks stand between it and the word before
}

// wordsOf cuts a line into words. Addresses and places in code are gone.
func wordsOf(text string) []word {
	text = anyAddress.ReplaceAllString(aPlaceInCode.ReplaceAllString(text, " | "), " | ")
	var words []word
	end := 0
	for _, at := range aWord.FindAllStringIndex(text, -1) {
		w := word{text: text[at[0]:at[1]], near: end > 0 && strings.TrimSpace(text[end:at[0]]) == ""}
		end = at[1]
		for _, possessive := range []string{"'s", "’s", "'S", "’S", "'", "’"} {
			if bare, ok := strings.CutSuffix(w.text, possessive); ok {
				w.text, w.someone = bare, true
				break
			}
		}
		words = append(words, w)
	}
	return words
}

// plain reports whether a word is nobody's name.
func (w word) plain() bool {
	return !w.someone && (common[strings.ToLower(w.text)] || noName.MatchString(w.text))
}

// hasName reports whether any word may be a name.
func hasName(words []word) bool {
	return slices.ContainsFunc(words, func(w word) bool { return !w.plain() })
}

// shared keeps the words of a that b has as well.
func shared(a, b []word) []word {
	return slices.DeleteFunc(slices.Clone(a), func(w word) bool {
		return !slices.ContainsFunc(b, func(o word) bool { return o.text == w.text })
	})
}

// sameName finds the longest run of words that a and b share, plain words at its ends taken off. It is no name if it is only the
// end of two different ones: Ann Smith, Ben Smith.
func sameName(a, b []word) string {
	var best []word
	for i := range a {
		for j := range b {
			n := 0
			for i+n < len(a) && j+n < len(b) && a[i+n].text == b[j+n].text {
				n++
			}
			from, to := 0, n
			for from < to && a[i+from].plain() && b[j+from].plain() {
				from++
			}
			for from < to && a[i+to-1].plain() && b[j+to-1].plain() {
				to--
			}
			if to-from > len(best) && !otherName(a, i+from, b, j+from, to-from) {
				best = a[i+from : i+to]
			}
		}
	}
	var name []string
	for _, w := range best {
		name = append(name, w.text)
	}
	return strings.Join(name, " ")
}

// otherName reports whether both runs of n words continue a name, and not the same: to the left (Ann Smith, Ben Smith), or to the
// right up to somebody's last word (Li Lei's, Li Hua's).
func otherName(a []word, i int, b []word, j, n int) bool {
	if i > 0 && j > 0 && a[i].near && b[j].near && !a[i-1].plain() && !b[j-1].plain() {
		return true
	}
	next := func(words []word, at int) bool { return at < len(words) && words[at].near && words[at].someone }
	return !a[i+n-1].someone && !b[j+n-1].someone && next(a, i+n) && next(b, j+n)
}

func runNamed(c *check, _ bool, args []string) error {
	rest, err := options(args, nil, 2, -1)
	if err != nil {
		return err
	}
	colon := slices.Index(rest, ":")
	if colon == 1 || colon == len(rest)-1 || colon >= 0 && len(rest) < colon+3 {
		return usageError("want SERVER WHO…, or SERVER WHO… : LISTENER TEXT…")
	}
	visitors := rest[1:]
	if colon > 0 {
		visitors = rest[1:colon]
	}
	if err := c.known(append([]string{rest[0]}, visitors...)); err != nil {
		return err
	}
	lines, words, err := c.connectionLines(rest[0], visitors)
	if err != nil {
		return err
	}
	if !hasName(words) {
		return c.fail(labs.Failure{
			Headline: "The server's line about a new connection has no name of its own.",
			Expected: "New connection from NAME's Computer: " + c.addressOf(visitors[0]) + ", with your name for NAME",
			Heard:    lines[0], Next: "Change the words in the line that your server prints for a new connection.",
		})
	}
	if colon < 0 {
		return nil
	}
	return c.namedToo(lines[0], words, rest[colon+1], rest[colon+2:])
}

// connectionLines returns the server's lines about the visitors' connections, and the words common to all of them.
func (c *check) connectionLines(server string, visitors []string) (lines []string, words []word, err error) {
	for i, visitor := range visitors {
		address, err := regexp.Compile(c.getenv(visitor))
		if err != nil || c.getenv(visitor) == "" {
			return nil, nil, usageError("the address of %q is not known: want a peer", visitor)
		}
		var found string
		look := func() bool {
			var named bool
			found, named = c.connectionLine(server, address)
			return named || c.t.ears[server].ended != ""
		}
		if err := c.t.await(c.ctx, c.usual(), look); err != nil && err != errPatience {
			return nil, nil, c.gaveUp(err)
		}
		if found == "" {
			return nil, nil, c.noLine(server, visitor)
		}
		lines = append(lines, found)
		if own := wordsOf(found); i == 0 {
			words = own
		} else {
			words = shared(words, own)
		}
	}
	return lines, words, nil
}

// connectionLine finds the server's line with that address that has a name of its own, else the first with that address. What
// somebody said is no name: lines that log a message do not count. The transcript's lock is held.
func (c *check) connectionLine(server string, address *regexp.Regexp) (found string, named bool) {
	for _, l := range c.t.ears[server].heard {
		form, ok := lastForm(l.text, address.MatchString)
		if !ok || c.quotesSomebody(form) {
			continue
		}
		if hasName(wordsOf(form)) {
			return form, true
		}
		found = cmp.Or(found, form)
	}
	return found, false
}

// lastForm returns the last of a line's forms that fits: of JSON the values, since keys are nobody's name.
func lastForm(text string, fits func(string) bool) (string, bool) {
	for _, form := range slices.Backward(forms(text)) {
		if fits(form) {
			return form, true
		}
	}
	return "", false
}

// quotesSomebody reports whether a line holds what somebody said. The transcript's lock is held.
func (c *check) quotesSomebody(text string) bool {
	return slices.ContainsFunc(c.t.events, func(e labs.Event) bool {
		return (e.Kind == labs.Typed || e.Kind == labs.Sent) && e.Text != "" && strings.Contains(text, e.Text)
	})
}

func (c *check) noLine(server, visitor string) error {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	return c.failAt(-1, labs.Failure{
		Headline: fmt.Sprintf("%s connected from %s. The server printed no line with that address.", visitor, c.addressOf(visitor)),
		Expected: "New connection from NAME's Computer: " + c.addressOf(visitor),
		Heard:    c.lately(c.t.ears[server], ""),
		Next:     "The address is the one that accept gives, not a placeholder and not the server's own.",
	}, "", labs.Event{Who: server, Kind: labs.Printed, Text: "… " + c.addressOf(visitor), Missing: true})
}

// namedToo looks for the server's name in what the listener printed.
func (c *check) namedToo(serverLine string, server []word, listener string, texts []string) error {
	if err := c.known([]string{listener}); err != nil {
		return err
	}
	var client []word
	var clientLine string
	for i, text := range texts {
		around, ok := c.aroundText(listener, text)
		if !ok {
			return usageError("%s has not heard %q: a hears line comes first", listener, text)
		}
		if own := wordsOf(around); i == 0 {
			client, clientLine = own, strings.Replace(around, " | ", text, 1)
		} else {
			client = shared(client, own)
		}
	}
	if sameName(server, client) != "" {
		return nil
	}
	f := labs.Failure{
		Expected: "the same name in both, every time",
		Heard:    fmt.Sprintf("server: %s; client: %s", shorten(serverLine, 200), shorten(clientLine, 200)),
		Next:     "Change the words in the line that your client prints for each message.",
	}
	if hasName(client) {
		f.Headline = "Server and client do not carry the same name."
	} else {
		f.Headline = "The client's line has no name that stays the same: only the server has one."
	}
	return c.fail(f)
}

// aroundText returns what stands around the text, a | in its place, in the line in which the listener heard it: keys of JSON
// come in any order.
func (c *check) aroundText(listener, text string) (string, bool) {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	for _, l := range c.t.ears[listener].heard {
		if form, ok := lastForm(l.text, func(form string) bool { return strings.Contains(form, text) }); ok {
			return strings.Replace(form, text, " | ", 1), true
		}
	}
	return "", false
}
