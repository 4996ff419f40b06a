package report

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func junit(t *testing.T, r Run) (string, xmlSuites) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, JUnit(&b, r))
	var back xmlSuites
	require.NoError(t, xml.Unmarshal(b.Bytes(), &back))
	return b.String(), back
}

func TestJUnitGolden(t *testing.T) {
	for name, r := range map[string]Run{"pass.xml": allPass(), "fails.xml": manyFail(), "error.xml": unjudged(), "build.xml": notBuilt(), "hostile.xml": hostileRun()} {
		got, _ := junit(t, r)
		golden(t, name, []byte(got))
	}
}

func TestJUnitCounts(t *testing.T) {
	_, back := junit(t, manyFail())
	require.Equal(t, []int{8, 3, 0, 3}, []int{back.Tests, back.Failures, back.Errors, back.Skipped}, "stretch checks are no failures")
	_, back = junit(t, unjudged())
	require.Equal(t, []int{6, 0, 4, 1}, []int{back.Tests, back.Failures, back.Errors, back.Skipped})
	require.Equal(t, "script", back.Suites[1].Cases[0].Error.Type)
	_, back = junit(t, notBuilt())
	require.Equal(t, []int{4, 0, 4, 0}, []int{back.Tests, back.Failures, back.Errors, back.Skipped})
	require.Contains(t, back.Suites[0].Cases[0].Error.Text, "server/main.go:12:3: undefined: foo")
}

func TestJUnitNamesAreUniqueInTheirClass(t *testing.T) {
	_, back := junit(t, manyFail())
	seen := map[string]bool{}
	for _, s := range back.Suites {
		for _, c := range s.Cases {
			require.False(t, seen[c.Class+c.Name], c.Name)
			seen[c.Class+c.Name] = true
		}
	}
	require.Len(t, seen, 8)
}

func TestJUnitTellsTheMessageInTheContentToo(t *testing.T) {
	_, back := junit(t, oneFail())
	failure := back.Suites[0].Cases[0].Failure
	require.Contains(t, failure.Text, failure.Message)
	require.Equal(t, "[[ATTACHMENT|.lab/last/1-all-hear]]", back.Suites[0].Cases[0].Out)
}

func TestJUnitSurvivesHostileTexts(t *testing.T) {
	got, back := junit(t, hostileRun())
	require.NotContains(t, got, "]]>")
	require.NotContains(t, got, "<script>")
	require.False(t, strings.ContainsFunc(got, func(r rune) bool { return r < ' ' && r != '\n' }))
	require.Contains(t, back.Suites[0].Cases[0].Failure.Message, `␛[2J␛]52;c;bG9s␇␀ \u202egnp.exe ]]> <script>&amp; \xff\xfe`)
}
