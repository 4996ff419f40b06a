package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// diagrams are verdicts that the three writers draw.
func diagrams() map[string]labs.Verdict {
	return map[string]labs.Verdict{
		"skipped": senderSkipped(),
		"refused": refused(),
		"hostile": hostileRun().Labs[0].Verdicts[0],
		"nothing": {Check: allHear},
		"alone":   {Check: allHear, Transcript: refused().Transcript[:2]},
		"twelve":  {Check: allHear, Transcript: talkOf(12, 24)},
	}
}

func svg(t *testing.T, v labs.Verdict) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, SVG(&b, v))
	return b.String()
}

func mermaid(t *testing.T, v labs.Verdict) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Mermaid(&b, v))
	return b.String()
}

func TestDiagramsGolden(t *testing.T) {
	for name, v := range diagrams() {
		t.Run(name, func(t *testing.T) {
			golden(t, "diagram-"+name+".svg", []byte(svg(t, v)))
			golden(t, "diagram-"+name+".mmd", []byte(mermaid(t, v)))
			if drawn := newSequence(what(v), v.Transcript).drawn(Style{}, 96); name != "nothing" && name != "twelve" {
				golden(t, "diagram-"+name+".txt", []byte(strings.Join(drawn, "\n")+"\n"))
			} else {
				require.Nil(t, drawn)
			}
		})
	}
}

// elements parses a picture as XML, strictly, and counts what is in it.
func elements(t *testing.T, picture string) map[string]int {
	t.Helper()
	count := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(picture))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok {
			count[e.Name.Local]++
			for _, a := range e.Attr {
				require.False(t, strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style", a.Name.Local)
			}
		}
	}
}

func TestSVGIsWellFormedAndHasNoMarkupOfPrograms(t *testing.T) {
	for name, v := range diagrams() {
		count := elements(t, svg(t, v))
		require.Equal(t, 1, count["svg"], name)
		for _, bad := range []string{"script", "a", "image", "foreignObject", "use", "animate"} {
			require.Zero(t, count[bad], "%s: %s", name, bad)
		}
		require.Equal(t, svg(t, v), strings.ToValidUTF8(Visible(svg(t, v)), ""), name)
	}
}

func TestSVGOfVeryMany(t *testing.T) {
	v := labs.Verdict{Check: allHear, Transcript: talkOf(3, 2500)}
	picture := svg(t, v)
	require.Equal(t, svgRows, elements(t, picture)["g"])
	require.Contains(t, picture, "… 3001 of 5000 rows cut")
	require.Equal(t, 4*svgRows/namesEvery, strings.Count(picture, `class="name"`), "names again and again")
	require.Less(t, len(picture), 2<<20)
}

func TestSVGHoldsTheWholeMessage(t *testing.T) {
	long := strings.Repeat("plum ", 100) + "end"
	v := labs.Verdict{Check: allHear, Transcript: []labs.Event{{At: 1, Who: "ann", Kind: labs.Sent, To: "server", Text: long}}}
	picture := svg(t, v)
	require.Contains(t, picture, "plum end&#34;</title>")
	require.Contains(t, picture, "…</text>")
}

// What a program says must not end a statement, nor begin a directive or an entity.
func TestMermaidHoldsNoMarkupOfPrograms(t *testing.T) {
	for _, text := range []string{hostile, "a; b", "#lt;b#gt;", "%%{init: {}}%%", "<br/><img src=x>", "wrap: x", "end", "A END b", "", " ", "`code`", `"`, "p0->>p1: x", "&lt;", "a\nb"} {
		v := labs.Verdict{Check: allHear, Transcript: []labs.Event{{At: 1, Who: text, Kind: labs.Sent, To: "server " + text, Text: text}, {Who: text, Kind: labs.Received, To: "server " + text, Missing: true}}}
		lines := strings.Split(strings.TrimSpace(mermaid(t, v)), "\n")
		require.Len(t, lines, 5, text)
		require.Regexp(t, `^    participant p0 as ([\pL\pN .,!?()/…→-]|#\d+;)+$`, lines[1])
		require.Regexp(t, `^    p0->>p1: ([\pL\pN .,!?()/…→-]|#\d+;)+$`, lines[3])
		require.Regexp(t, `^    p1--xp0: missing`, lines[4])
		require.NotRegexp(t, `(?i)\bend\b`, strings.Join(lines, "\n"))
	}
}

func TestMermaidStaysBelowItsLimit(t *testing.T) {
	v := labs.Verdict{Check: allHear, Transcript: talkOf(12, 2500)}
	for i := range v.Transcript {
		v.Transcript[i].Text = strings.Repeat("☕", 200)
	}
	require.Less(t, len(mermaid(t, v)), 50_000)
	require.Contains(t, mermaid(t, v), "of 5000 rows cut")
}

func TestDiagramsReturnTheWritersError(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.NoError(t, w.Close())
	require.ErrorIs(t, SVG(w, senderSkipped()), os.ErrClosed)
	require.ErrorIs(t, Mermaid(w, senderSkipped()), os.ErrClosed)
	require.ErrorIs(t, HTML(w, allPass()), os.ErrClosed)
}
