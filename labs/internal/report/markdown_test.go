package report

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

func markdown(t *testing.T, r Run) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Markdown(&b, r))
	return b.String()
}

func TestMarkdownGolden(t *testing.T) {
	for name, r := range map[string]Run{"pass.md": allPass(), "fails.md": manyFail(), "error.md": unjudged(), "build.md": notBuilt(), "hostile.md": hostileRun()} {
		golden(t, name, []byte(markdown(t, r)))
	}
}

// TestMarkdownHoldsNoMarkupOfPrograms: whatever a program has printed, it stays inside its block, and makes no link, picture or HTML.
func TestMarkdownHoldsNoMarkupOfPrograms(t *testing.T) {
	r := hostileRun()
	r.Labs[0].Title = "a | b\n# c <script> [x](http://example.com) `d`"
	r.Labs[0].Verdicts[0].Failure.Facts = []string{"printed ```` <img src=x>", "```\n# heading"}
	page := markdown(t, r)
	parser := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
	kinds := map[ast.NodeKind]int{}
	require.NoError(t, ast.Walk(parser.Parse(text.NewReader([]byte(page))), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			kinds[n.Kind()]++
		}
		return ast.WalkContinue, nil
	}))
	for _, k := range []ast.NodeKind{ast.KindHTMLBlock, ast.KindRawHTML, ast.KindLink, ast.KindImage, ast.KindAutoLink, ast.KindCodeSpan, ast.KindEmphasis} {
		require.Zero(t, kinds[k], "%v in\n%s", k, page)
	}
	require.Equal(t, 1+len(r.Labs), kinds[ast.KindHeading], page)
}

func TestMarkdownToldAnError(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/x")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.ErrorIs(t, Markdown(f, allPass()), os.ErrClosed)
}
