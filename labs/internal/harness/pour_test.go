package harness

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

// pouring is a pour of three messages for ann, who keeps up, and cat, who need not.
func pouring(t *testing.T) (*pour, *conn, *conn) {
	c := testCheck(t)
	c.t.ear("ann")
	c.t.ear("cat")
	p := &pour{c: c, nonce: "Pour1234", messages: 3, to: map[string]*poured{}, keepUp: []string{"ann"}}
	c.t.pour = p
	return p, &conn{c: c, name: "ann", ear: c.t.ears["ann"]}, &conn{c: c, name: "cat", ear: c.t.ears["cat"]}
}

func TestPourCounts(t *testing.T) {
	p, ann, _ := pouring(t)
	require.Less(t, len(p.text(1)), pourSize+1)
	require.Greater(t, len(p.text(1)), pourSize*9/10)
	for i := range 3 {
		ann.message("127.0.0.1:1: \""+p.text(i)+"\"", false)
	}
	require.NoError(t, p.wrong)
	require.Equal(t, poured{next: 3}, *p.of("ann"))
	require.Empty(t, ann.ear.heard, "a pour is not kept")
	ann.message("something else", false)
	require.Len(t, ann.ear.heard, 1)
}

func TestPourFindsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		heard    []int
		headline string
	}{
		"a gap":        {[]int{0, 2}, "ann, who keeps up, has missed 1 message of the pour: after 1 came 3."},
		"twice":        {[]int{0, 1, 1}, "ann heard message 2 of the pour again"},
		"turned round": {[]int{1, 0}, "has missed 1 message"},
	} {
		p, ann, cat := pouring(t)
		for _, i := range c.heard {
			cat.message(p.text(i), false)
		}
		require.NoError(t, p.wrong, "%s: cat may miss some", name)
		for _, i := range c.heard {
			ann.message(p.text(i), false)
		}
		require.Contains(t, headline(t, p.wrong), c.headline, name)
	}
	p, ann, _ := pouring(t)
	ann.message(p.text(0)[:1000], false)
	require.Contains(t, headline(t, p.wrong), "cut short: 1000 bytes")
}

func TestPourGapIsTold(t *testing.T) {
	for told, words := range map[bool][]string{true: {"(1 messages missed)"}, false: nil} {
		p, _, cat := pouring(t)
		cat.message("welcome", false)
		cat.message(p.text(0), false)
		for _, text := range words {
			cat.message(text, false)
		}
		cat.message(p.text(2), false)
		require.Equal(t, 1, p.of("cat").missed)
		require.Equal(t, told, p.of("cat").told)
	}
}

func TestPourInTheLogIsAbridged(t *testing.T) {
	p, _, _ := pouring(t)
	short, poured := p.c.t.abridge("From client 127.0.0.1:1 " + p.text(0))
	require.True(t, poured)
	require.Less(t, len(short), 300)
	long := strings.Repeat("x", 1000)
	same, poured := p.c.t.abridge(long)
	require.False(t, poured)
	require.Equal(t, long, same)
}

// TestPourNeedsAnEcho: the kit's own server passes nothing on, so the speaker waits in vain.
func TestPourNeedsAnEcho(t *testing.T) {
	v := Run(t.Context(), Job{Check: labs.Check{Name: "test", File: "1-test.txtar", Script: "host hub\npeer ann\npour -n 1MiB ann : ann"}, Work: t.TempDir(), Seed: 1, Patience: 50 * tick})
	require.Equal(t, labs.Fail, v.Outcome, v.Why)
	require.Contains(t, v.Failure.Headline, "Of 8 long messages ann has heard 0, and then nothing for")
	v = judged(t, Submission{}, "host hub\npeer ann\ntold ann")
	require.Equal(t, "told: nothing was poured", v.Why)
}
