package report

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestJSONGolden(t *testing.T) {
	for name, r := range map[string]Run{"pass.json": allPass(), "fails.json": manyFail(), "error.json": unjudged()} {
		var b bytes.Buffer
		require.NoError(t, JSON(&b, r))
		golden(t, name, b.Bytes())
	}
}

func TestJSONReadsBack(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, JSON(&b, hostileRun()))
	require.True(t, utf8.Valid(b.Bytes()))
	var back record
	d := json.NewDecoder(&b)
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&back))

	require.Equal(t, Schema, back.Schema)
	require.Equal(t, StatusBuild, back.Status)
	valid := string(bytes.ToValidUTF8([]byte(hostile), []byte("\ufffd\ufffd")))
	require.Equal(t, "ann said "+valid, back.Labs[0].Cases[0].Diagnosis.Headline, "texts are not made visible")
	require.Equal(t, valid, back.Labs[0].Cases[0].Transcript[4].Text)
	require.Equal(t, []int{1, 0}, []int{back.Labs[0].Points, back.Labs[0].Earned})
}

func TestJSONOfNothingHasLists(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, JSON(&b, Run{Labs: []Lab{{}}}))
	require.Contains(t, b.String(), `"cases": []`)
	b.Reset()
	require.NoError(t, JSON(&b, Run{}))
	require.Contains(t, b.String(), `"labs": []`)
}
