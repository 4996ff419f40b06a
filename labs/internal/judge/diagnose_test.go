package judge

import (
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

const (
	ofServer = "server\npeer ann\njoins ann\n"
	ofClient = "host hub\nclient ann\nsay ann x\nhears hub x\n"
	ofBoth   = "server\nclient ann\njoins ann\n"
)

func verdict(number int, kind labs.Kind, script string, outcome labs.Outcome) labs.Verdict {
	v := labs.Verdict{Check: labs.Check{Lab: "01-x", Number: number, Kind: kind, Script: script}, Outcome: outcome}
	if outcome == labs.Fail {
		v.Failure = &labs.Failure{}
	}
	return v
}

func TestMayExplain(t *testing.T) {
	check := func(script string) labs.Verdict { return verdict(2, labs.Required, script, labs.Fail) }
	of := func(script string, ids ...string) labs.Mistake {
		return labs.Mistake{Lab: "01-x", Script: script, Explains: ids}
	}
	require.True(t, mayExplain(of(ofServer), check(ofServer)))
	require.True(t, mayExplain(of(ofServer), check(ofBoth)))
	require.True(t, mayExplain(of(ofBoth), check(ofServer)))
	require.False(t, mayExplain(of(ofServer), check(ofClient)), "a server's mistake is no cause for what a client does with the kit's own server")
	require.True(t, mayExplain(of(ofServer, "1.2"), check(ofServer)))
	require.False(t, mayExplain(of(ofServer, "1.7"), check(ofServer)))
	require.False(t, mayExplain(labs.Mistake{Lab: "02-y", Script: ofServer}, check(ofServer)))
}

func TestBlameTakesTheFirstFailureThatFits(t *testing.T) {
	failed := []labs.Verdict{verdict(1, labs.Required, ofClient, labs.Fail), verdict(2, labs.Required, ofServer, labs.Fail), verdict(3, labs.Required, ofServer, labs.Fail)}
	for _, id := range []string{"one", "two"} {
		blame(failed, labs.Mistake{ID: id, Lab: "01-x", Script: ofServer}, "Your server is "+id+".")
	}
	require.Empty(t, failed[0].Failure.CauseID)
	require.Equal(t, labs.Failure{Cause: "Your server is one.", CauseID: "one", Also: []string{"two"}}, *failed[1].Failure)
	require.Empty(t, failed[2].Failure.CauseID)
}

// TestBlameInEachLab: a mistake that names checks of two labs is the cause of the first failure in each.
func TestBlameInEachLab(t *testing.T) {
	failed := []labs.Verdict{verdict(8, labs.Stretch, ofServer, labs.Fail), verdict(1, labs.Required, ofServer, labs.Fail), verdict(3, labs.Stretch, ofServer, labs.Fail)}
	failed[1].Check.Lab, failed[2].Check.Lab = "05-x", "05-x"
	blame(failed, labs.Mistake{ID: "one", Lab: "01-x", Script: ofServer, Explains: []string{"1.8", "5.1", "5.3"}}, "Your server is one.")
	require.Equal(t, "one", failed[0].Failure.CauseID)
	require.Equal(t, "one", failed[1].Failure.CauseID)
	require.Empty(t, failed[2].Failure.CauseID)
}

func TestWhose(t *testing.T) {
	both := verdict(6, labs.Required, ofBoth, labs.Fail)
	alone := func(server, client labs.Outcome) []labs.Verdict {
		all := []labs.Verdict{verdict(1, labs.Required, ofServer, server), verdict(5, labs.Required, ofClient, client), both}
		if server == labs.Fail {
			all[0].Failure.Next = "Look at accept."
		}
		return all
	}
	put := func(program string, right bool, next string) half {
		return half{of: "1.6", program: program, right: right, wrong: !right, next: next}
	}
	for name, tt := range map[string]struct {
		all        []labs.Verdict
		halves     []half
		want, next string
	}{
		"the server, as its own check says": {alone(labs.Fail, labs.Pass), []half{put(client, true, "")},
			"it is the server: alone with the kit's own client it fails too (check 1.1), and your client does not", "Look at accept."},
		"the client, as was tried": {[]labs.Verdict{both}, []half{put(server, true, ""), put(client, false, "Print what comes.")},
			"it is the client: alone with the kit's own server it fails too, and your server does not", "Print what comes."},
		"the client, and nobody knows what to do": {[]labs.Verdict{both}, []half{put(server, true, ""), put(client, false, "")},
			"it is the client: alone with the kit's own server it fails too, and your server does not", "Look for it in your client."},
		"both": {alone(labs.Fail, labs.Fail), nil,
			"it is both: the server fails without your client too (check 1.1), and the client without your server (check 1.5)", ""},
		"each is right alone":             {[]labs.Verdict{both}, []half{put(server, true, ""), put(client, true, "")}, "", ""},
		"one is wrong, of the other none": {alone(labs.Fail, labs.Pass), nil, "", ""},
	} {
		fact, next := whose(both.Check, tt.all, tt.halves)
		require.Equal(t, [2]string{tt.want, tt.next}, [2]string{fact, next}, name)
	}
}

// TestTellWhose: what to do next is about the program that is to blame, and stays as it was where nobody knows whose fault it is.
func TestTellWhose(t *testing.T) {
	both := verdict(6, labs.Required, ofBoth, labs.Fail)
	both.Failure.Next, both.Failure.Facts = "Follow one message through your server.", []string{"server is running"}
	all := []labs.Verdict{both}
	tellWhose(all, all, nil)
	require.Equal(t, "Follow one message through your server.", both.Failure.Next)
	tellWhose(all, all, []half{{of: "1.6", program: server, right: true}, {of: "1.6", program: client, wrong: true, next: "Print what comes."}})
	require.Equal(t, "Print what comes.", both.Failure.Next)
	require.Len(t, both.Failure.Facts, 2)
	require.Contains(t, both.Failure.Facts[0], "it is the client")
}

func TestAcquitted(t *testing.T) {
	all := []labs.Verdict{verdict(1, labs.Required, ofServer, labs.Fail), verdict(5, labs.Required, ofClient, labs.Pass), verdict(6, labs.Required, ofBoth, labs.Fail)}
	of := func(script string, ids ...string) labs.Mistake {
		return labs.Mistake{Lab: "01-x", Script: script, Explains: ids}
	}
	require.True(t, acquitted(of(ofClient), all))
	require.False(t, acquitted(of(ofServer), all))
	require.False(t, acquitted(of(ofBoth), all))
	require.False(t, acquitted(of(ofClient, "1.9"), all), "a stretch check has causes of its own")
	require.False(t, acquitted(of(ofClient), all[1:]), "nobody else is to blame")
	require.False(t, acquitted(of(ofClient), all[2:]), "nothing is known of it")
}

// TestDiagnoseOfAPassRunsNothing: a pass costs nothing. This judge has no world to run anything in.
func TestDiagnoseOfAPassRunsNothing(t *testing.T) {
	all := []labs.Verdict{verdict(1, labs.Required, ofServer, labs.Pass), {Outcome: labs.Error}}
	Judge{}.Diagnose(t.Context(), all)
	require.Equal(t, labs.Error, all[1].Outcome)
}
