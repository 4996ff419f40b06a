package harness

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// TestSameName holds what people write, first the server's connection line, then what their client prints around a text.
func TestSameName(t *testing.T) {
	for _, c := range []struct{ name, server, client string }{
		{"Ann", "New connection from Ann's Computer: 127.0.0.1:53422", "Ann's Computer - From server: | "},
		{"Ann", "new connection from Ann's computer: 127.0.0.1:53422", "Ann's Computer — From Server: | "},
		{"Ann", "New connection from Ann's Computer:127.0.0.1:53422", "Ann - Computer From server: | "},
		{"Ann", "New connection from Laptop of Ann: 127.0.0.1:53422", "[Ann] | "},
		{"Ann", "Koneksi baru dari Komputer Ann: 127.0.0.1:53422", "Ann's Komputer - From server: | "},
		{"Ada", "New connection from Ada:127.0.0.1:53422", "Ada's Computer | "},
		{"Bob", "New connection from Bob:[::1]:53422", "Bob: | "},
		{"Bob", "2024-05-01T12:34:56Z INFO New connection from Bob's Computers: 127.0.0.1:53422", "12:34:57 | Bob's Computers - From server: | "},
		{"Mary Ann", "New connection from Mary Ann's Computer: 127.0.0.1:53422", "Mary Ann's Computer - From server: | "},
		{"Li Lei", "New connection from Li Lei's Computer: 127.0.0.1:53422", "Li Lei's Computer - From server: | "},
		{"ann-pc.local", "New connection from ann-pc.local: 127.0.0.1:53422", "ann-pc.local - From server: | "},
		{"O'Brien", "New connection from O'Brien's Computer: 127.0.0.1:53422", "O'Brien's Computer - From server: | "},
		{"James", "New connection from James' Computer: 127.0.0.1:53422", "James’ Computer - From server: | "},
		{"C-3PO droid", "New connection from C-3PO (droid): 127.0.0.1:53422", "C-3PO (droid) - From server: | "},
		{"李雷", "New connection from 李雷's Computer: 127.0.0.1:53422", "李雷's Computer - From server: | "},
		{"李雷的电脑", "New connection from 李雷的电脑: 127.0.0.1:53422", "李雷的电脑 - From server: | "},
		{"New", "New connection from New's Computer: 127.0.0.1:53422", "New's Computer - From server: | "},

		{"", "New connection from 127.0.0.1:53422", "From server: | "},
		{"", "New connection from Ann's Computer: 127.0.0.1:53422", "From server: | "},
		{"", "New connection from 127.0.0.1:53422", "Ann's Computer - From server: | "},
		{"", "New connection from Ann's Computer: 127.0.0.1:53422", "Ben's Computer - From server: | "},
		{"", "New connection from Ann Smith's Computer: 127.0.0.1:53422", "Ben Smith's Computer - From server: | "},
		{"", "New connection from Li Lei's Computer: 127.0.0.1:53422", "Li Hua's Computer - From server: | "},
		{"", "New connection from Computer: 127.0.0.1:53422", "Computer - From server: | "},
		{"", "main.go:103: New connection from 127.0.0.1:53422", "main.go:57: From server: | "},
		{"Ann", "12:34:56 server/main.go:103: New connection from Ann's Computer: 127.0.0.1:53422", "12:34:56 client/main.go:9: Ann's Computer - From server: | "},
		{"", "2024-05-01 12:34:56.789 New connection: 127.0.0.1:53422", "2024-05-01 12:34:56.789 From server: | "},
	} {
		require.Equal(t, c.name, sameName(wordsOf(c.server), wordsOf(c.client)), "%s\n%s", c.server, c.client)
	}
}

func TestHasName(t *testing.T) {
	for text, want := range map[string]bool{
		"New connection from 127.0.0.1:53422":                                  false,
		"2024/05/01 12:34:56 INFO Connection established: 127.0.0.1:53422":     false,
		"[server] client connected, addr=[::1]:53422, id 7":                    false,
		"client ::ffff:127.0.0.1:53422 joined the chat":                        false,
		"2024/05/01 12:34:56 main.go:103: New connection from 127.0.0.1:53422": false,
		"[src/chat.rs:7:12] new client 127.0.0.1:53422":                        false,
		"New connection from Bob:127.0.0.1:53422":                              true,
		"bob | 127.0.0.1:53422":                                                true,
		"New connection from Client's Computer: 127.0.0.1:53422":               true,
	} {
		require.Equal(t, want, hasName(wordsOf(text)), text)
	}
}

// TestNameThatChanges: what is common to two lines is the name, and a name that is another in each line is none.
func TestNameThatChanges(t *testing.T) {
	both := func(a, b string) []word { return shared(wordsOf(a), wordsOf(b)) }
	require.False(t, hasName(both("Ann1's Computer - From server: ", "Ann2's Computer - From server: ")))
	require.True(t, hasName(both("1 Ann's Computer - From server: ", "2 Ann's Computer - From server: ")))
}

func TestConnectionLineIsNoLineAboutAMessage(t *testing.T) {
	c := testCheck(t)
	address := regexp.MustCompile(addressPattern("127.0.0.1:53422"))
	ear := c.t.ear("server")
	c.t.note(labs.Event{Who: "ann", Kind: labs.Sent, Text: "Plum tiger 12ab34"})
	for _, c2 := range []struct {
		line, found string
		named       bool
	}{
		{"listening on 127.0.0.1:8080", "", false},
		{`From client 127.0.0.1:53422 "Plum tiger 12ab34"`, "", false},
		{"accepted 127.0.0.1:53422", "accepted 127.0.0.1:53422", false},
		{`{"event":"connected","peer":"127.0.0.1:53422"}`, "accepted 127.0.0.1:53422", false},
		{"New connection from Bob's Computer: 127.0.0.1:53422", "New connection from Bob's Computer: 127.0.0.1:53422", true},
	} {
		ear.heard = append(ear.heard, line{text: c2.line})
		found, named := c.connectionLine("server", address)
		require.Equal(t, c2.found, found)
		require.Equal(t, c2.named, named)
	}
}

func TestAroundText(t *testing.T) {
	c := testCheck(t)
	c.t.ear("cat").heard = []line{{text: `{"text":"Plum \"x\"","name":"Bob"}`}}
	around, ok := c.aroundText("cat", `Plum "x"`)
	require.True(t, ok)
	require.Equal(t, []word{{text: "Bob"}}, wordsOf(around))
	_, ok = c.aroundText("cat", "Fig")
	require.False(t, ok)
}
