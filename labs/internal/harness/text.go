package harness

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Texts are made up at each run, from a seed, so that no program can know them.

var words = strings.Fields(`Acorn Amber Anchor Apple Autumn Basil Beacon Birch Bottle Breeze Bridge Candle Canyon Cedar Cherry
	Clover Cobalt Copper Coral Cotton Cricket Dahlia Daisy Delta Dune Ember Falcon Feather Fern Fjord Forest Garnet Ginger
	Glacier Harbour Hazel Heron Honey Indigo Island Ivory Jasmine Juniper Kettle Lagoon Lantern Lemon Lilac Linen Lotus Maple
	Marble Meadow Mint Monsoon Moss Nutmeg Oasis Olive Onyx Orchid Otter Papaya Pebble Pepper Plum Prairie Quartz Quill Raven
	Reef River Robin Saffron Sage Salmon Sequoia Sparrow Spruce Summit Tamarind Teal Thistle Tiger Topaz Tulip Valley Velvet
	Violet Walnut Willow Winter Zephyr`)

var wideWords = strings.Fields(`Žluťoučký naïve Ñandú Ærø Łódź Привет Добрый Γειά Ψυχή 東京 你好 한국 ひらがな שלום ไทย`)

// texts makes random texts: the same seed and check, the same texts.
type texts struct{ rnd *rand.Rand }

func newTexts(seed uint64, check string) *texts {
	h := fnv.New64a()
	h.Write([]byte(check))
	return &texts{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// nonce makes a text unique within a run.
func (t *texts) nonce() string {
	return fmt.Sprintf("%04x", t.rnd.IntN(1<<16)) + fmt.Sprintf("%02x", t.rnd.IntN(1<<8))
}

// plain is a short text: capitals, an inner blank, a nonce; as safe in a regular expression as in quotes.
func (t *texts) plain() string {
	return words[t.rnd.IntN(len(words))] + " " + strings.ToLower(words[t.rnd.IntN(len(words))]) + " " + t.nonce()
}

// wide has letters of other scripts, no combining marks.
func (t *texts) wide() string {
	return wideWords[t.rnd.IntN(len(wideWords))] + " " + wideWords[t.rnd.IntN(len(wideWords))] + " " + t.nonce()
}

// long has at least n bytes, two blanks between the first words, and no outer blanks.
func (t *texts) long(n int) string {
	var b strings.Builder
	b.WriteString(words[t.rnd.IntN(len(words))] + "  ")
	for b.Len() < n {
		b.WriteString(words[t.rnd.IntN(len(words))])
		b.WriteByte(' ')
	}
	return b.String() + t.nonce()
}

// variables are the texts that every script has.
func (t *texts) variables() map[string]string {
	v := map[string]string{"WIDE": t.wide(), "LONG": t.long(200), "HUGE": t.long(100_000)}
	for i := range 9 {
		v["TEXT"+strconv.Itoa(i+1)] = t.plain()
	}
	for i := range 3 {
		v["WORD"+strconv.Itoa(i+1)] = words[t.rnd.IntN(len(words))] + t.nonce()
	}
	return v
}

// escapes are the ways in which terminals are told to do something: CSI, OSC, and the short ones (ECMA-48).
var escapes = regexp.MustCompile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[ -/]*[0-Z\\\\-~])")

// clean takes out of a printed line what is for the terminal's eyes alone.
func clean(s string) string {
	if strings.ContainsRune(s, '\x1b') {
		s = escapes.ReplaceAllString(s, "")
	}
	return strings.ReplaceAll(s, "\r", "")
}

// forms returns the ways in which a line may be read: as it is, and with the escapes of quoted text undone as Go, JSON
// and Rust write them. A line that is JSON is also read as its strings.
func forms(s string) []string {
	all := []string{s}
	if strings.ContainsRune(s, '\\') {
		all = append(all, unescape(s))
	}
	if i := strings.IndexByte(s, '{'); i >= 0 { // a prompt may stand before it
		var object any
		if json.NewDecoder(strings.NewReader(s[i:])).Decode(&object) == nil {
			plain := strings.Join(values(object), " ")
			all = append(all, plain, unescape(plain))
		}
	}
	return all
}

// values are all the strings and numbers in a decoded JSON value, keys left out.
func values(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case map[string]any:
		var all []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, values(v[key])...)
		}
		return all
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, values(e)...)
		}
		return all
	case nil:
		return nil
	default:
		return []string{fmt.Sprint(v)}
	}
}

var escaped = regexp.MustCompile(`(?:\\u[0-9a-fA-F]{4})+|\\u\{[0-9a-fA-F]{1,6}\}|\\U[0-9a-fA-F]{8}|(?:\\x[0-9a-fA-F]{2})+|\\[0abefnrtv"'\\/]`)

// unescape undoes the escapes of quoted text, wherever they stand in s.
func unescape(s string) string {
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		switch e[1] {
		case 'u':
			if e[2] == '{' { // Rust
				return fromHex(e[3 : len(e)-1])
			}
			var text string // JSON: a run of them, since a rune may take two
			if json.Unmarshal([]byte(`"`+e+`"`), &text) == nil {
				return text
			}
		case 'U':
			return fromHex(e[2:])
		case 'x':
			if text, err := strconv.Unquote(`"` + e + `"`); err == nil {
				return text
			}
		case '0':
			return "\x00"
		case 'e':
			return "\x1b"
		case '\'', '/':
			return e[1:]
		default:
			if text, err := strconv.Unquote(`"` + e + `"`); err == nil {
				return text
			}
		}
		return e
	})
}

func fromHex(digits string) string {
	r, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || !utf8.ValidRune(rune(r)) {
		return string(utf8.RuneError)
	}
	return string(rune(r))
}

// shorten cuts the middle out of a long text and says how much is missing.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	head, tail := s[:limit*3/4], s[len(s)-limit/4:]
	return strings.ToValidUTF8(head, "") + fmt.Sprintf("… (%d bytes cut) …", len(s)-len(head)-len(tail)) + strings.ToValidUTF8(tail, "")
}
