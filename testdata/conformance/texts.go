package conformance

import (
	"fmt"
	"strings"
)

const kosme = "κόσμε" // the Greek word of Markus Kuhn's test of UTF-8 decoders

// texts is section 6: a text message is UTF-8 as a whole; its fragments need not be.
func texts() []Case {
	b := book{section: "6"}
	for _, s := range validTexts() {
		b.echo([]Frame{text(s)}, 0, "%+q", s)
		b.echo(split(Text, s, 1), 0, "%+q in fragments of one byte", s)
	}
	const rest = " and the rest of it"
	for _, s := range invalidTexts() {
		b.fail([]Frame{text(s)}, 0, 0, []int{notUTF8}, "%q", s)
		b.fail(split(Text, s, 1), 0, 0, []int{notUTF8}, "%q in fragments of one byte", s)
		amid := []Frame{part(Text, kosme, false), part(Continuation, s, false), part(Continuation, rest, true)}
		b.fail(amid, 0, 0, []int{notUTF8}, "%q in a fragment amid others", s)
		b.fail([]Frame{text(kosme), text(kosme + s + rest), ping("")}, 1, 0, []int{notUTF8}, "%q after a message", s)
	}
	// An endpoint may fail as soon as it meets what cannot become UTF-8 any more, and must at the end of the message: whatever
	// the fragments are, however slowly it comes, and if nothing else follows.
	for _, s := range []string{"\xf4\x90\x80\x80", "\xed\xa0\x80", "\xff", "\xc0\xaf", "\xf0\x90\x80"} {
		for at := range len(s) + 1 { // where one fragment ends and the next begins
			cut := []Frame{part(Text, kosme+s[:at], false), part(Continuation, s[at:]+rest, true)}
			b.fail(cut, 0, 0, []int{notUTF8}, "%q cut after %d bytes", s, at)
		}
		three := []Frame{part(Text, kosme, false), part(Continuation, s, false), part(Continuation, rest, true)}
		b.fail(three, 0, octets, []int{notUTF8}, "%q in a fragment amid others, in octets", s)
		b.fail([]Frame{text(kosme + s + rest)}, 0, octets, []int{notUTF8}, "%q in octets", s)
		late := []Frame{part(Text, strings.Repeat(kosme, 1<<10), false), part(Continuation, s, true)}
		b.fail(late, 0, 0, []int{notUTF8}, "%q after 11 KiB that are", s)
		b.fail([]Frame{three[0], three[1], closing(1000, "")}, 0, 0, []int{notUTF8, 1000}, "%q in a message that does not end, then Close", s)
	}
	for _, s := range []string{kosme, "\xff", "\xed\xa0\x80", "\x00"} {
		b.echo([]Frame{part(Binary, s, true)}, 0, "binary may be anything: %q", s)
		b.echo([]Frame{ping(s), pong(s)}, 0, "the payload of a ping may be anything: %q", s)
	}
	return b.cases
}

func validTexts() []string {
	all := []string{"", "Hello-µ@ßöäüàá-UTF-8!!", kosme, "Hello\x00world", "\ufffd", "\ufeffbyte order mark"}
	for n := range kosme { // at the borders of the characters
		all = append(all, kosme[:n])
	}
	// The first and the last of each length, and around the surrogates.
	for _, r := range []rune{0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff, 0xd7ff, 0xe000, 0xfffd} {
		all = append(all, string(r))
	}
	for plane := rune(0); plane <= 16; plane++ { // noncharacters are valid: they are for private use, not forbidden
		all = append(all, string(plane<<16|0xfffe), string(plane<<16|0xffff))
	}
	return append(all, "\ufdd0", "\ufdef")
}

func invalidTexts() []string {
	all := []string{
		"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", // five and six bytes
		"\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf", "\xf4\x90\x80\x80", // above 10FFFF
		"\xfe", "\xff", "\xfe\xfe\xff\xff", // bytes that never occur
		"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf", // overlong slashes
		"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf", // the longest overlong
		"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80", // overlong zeros
		"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf", // surrogates
		"\xed\xa0\x80\xed\xb0\x80", "\xed\xaf\xbf\xed\xbf\xbf", // in pairs
		"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited",
		"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80edited",
	}
	for n := 1; n <= 7; n++ { // continuation bytes alone
		all = append(all, strings.Repeat("\x80\xbf", 4)[:n])
	}
	for _, lead := range []string{"\xc2", "\xdf", "\xe0", "\xef", "\xf0", "\xf4"} { // alone, and before a blank
		all = append(all, lead, lead+" ")
	}
	// Characters that lack their last bytes; and all in a row.
	incomplete := []string{"\xce", "\xe1\xbd", "\xf0\x90\x80", "\xf8\x88\x80\x80", "\xef\xbf", "\xf4\x8f\xbf"}
	for _, s := range incomplete {
		all = append(all, fmt.Sprintf("%s%s", kosme, s))
	}
	return append(all, strings.Join(incomplete, ""))
}
