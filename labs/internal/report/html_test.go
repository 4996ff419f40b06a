package report

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"broadcastlab/labs"
)

func html(t *testing.T, r Run) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, HTML(&b, r))
	return b.String()
}

const lessonText = "# Lab 1: Broadcast\n\n## Goal\n\nSay <b>it</b> to *all*; see [the table](../README.md), [RFC 6455](https://www.rfc-editor.org/rfc/rfc6455) and ![a frame](frame.svg).\n\n### More\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n"

func withLesson(r Run) Run {
	r.Labs[0].Lesson = lessonText
	return r
}

func pagesToTest() map[string]Run {
	return map[string]Run{
		"pass": allPass(), "fails": withLesson(manyFail()), "build": notBuilt(), "error": unjudged(), "hostile": hostileRun(), "nothing": runOf(),
		"wire": runOf(broadcast(refused())),
	}
}

func TestHTMLAsksForNothing(t *testing.T) {
	for name, r := range pagesToTest() {
		page := html(t, r)
		require.NotContains(t, page, "http://", name)
		require.NotContains(t, page, "src=", name)
		require.NotContains(t, page, "<script", name)
		require.NotContains(t, page, "<link", name)
		require.NotContains(t, page, "@import", name)
		require.NotContains(t, page, "url(", name)
		require.NotContains(t, page, "javascript:", name)
		require.Contains(t, page[:600], `<meta name="generator" content="`+Generator+`">`, name)
		require.Contains(t, page, "default-src 'none'", name)
		require.Equal(t, page, Visible(page), "%s: every control character is visible", name)
	}
}

func TestHTMLTellsAFailure(t *testing.T) {
	page := html(t, withLesson(oneFail()))
	for _, text := range []string{
		"Lab 1 fails: 1 of 2 required checks pass in 3.1 s.", "Broadcast to all, the sender included", "1 of 2 required", "What one says, all hear, once each.", "The one who said it hears it too.",
		"ann said &#34;plum 4f2c&#34;. ben and cat heard it. ann herself did not.", "<dt>expected</dt>", "<dt>heard</dt><dd>nothing</dd>", "server (pid 41) is alive",
		"<code>go run ./server</code>", "go tool lab check 1.1 --seed 71c3", ".lab/last/1-all-hear", ">missing</text>", "seed 71c3",
		"  12 ms  ann", "<summary>Read the lesson</summary>", "<h3>Goal</h3>",
	} {
		require.Contains(t, page, text)
	}
}

func TestHTMLLesson(t *testing.T) {
	got := string(lessonHTML(lessonText))
	require.NotContains(t, got, "Lab 1", "the lab's name stands above it")
	require.Contains(t, got, "<h3>Goal</h3>")
	require.Contains(t, got, "<h4>More</h4>")
	require.Contains(t, got, "see the table,", "the file is not beside the page")
	require.Contains(t, got, `<a href="https://www.rfc-editor.org/rfc/rfc6455">RFC 6455</a> and a frame.`)
	require.NotContains(t, got, "<b>")
	require.NotContains(t, got, "alert")
	require.Empty(t, lessonHTML("# Lab 1: a title alone\n"))
	require.Empty(t, lessonHTML(""))
	for _, lab := range labs.All() {
		require.NotContains(t, string(lessonHTML(lab.Lesson)), "<!-- raw HTML omitted -->", lab.Dir)
	}
}

func TestHTMLSaysInWhichLanguageALessonIs(t *testing.T) {
	r := runOf(broadcast(senderSkipped()))
	r.Labs[0].Lesson, r.Labs[0].Indonesian.Lesson = lessonText, "# Lab 1: Untuk semua\n\nSelamat datang.\n"
	require.Contains(t, html(t, r), `<div class="lesson" lang="en">`)
	r.Labs[0].Lab = r.Labs[0].In(labs.Indonesian)
	require.Contains(t, html(t, r), "<div class=\"lesson\" lang=\"id\"><p>Selamat datang.</p>")
}

func TestHTMLStaysSmall(t *testing.T) {
	v := senderSkipped()
	v.Transcript = talkOf(5, 10_000)
	for i := range v.Transcript {
		v.Transcript[i].Text = strings.Repeat("x", 4<<10)
	}
	page := html(t, runOf(broadcast(v)))
	require.Less(t, len(page), 4<<20)
	require.Equal(t, 3, strings.Count(page, "of 20001 rows cut"), "in the transcript, and in the diagram twice: to read, and under the pointer")
}

// openPage shows a run in a browser and checks what holds for every page: nothing is asked for, nothing is complained about.
func openPage(t *testing.T, r Run, width int) *browser {
	t.Helper()
	b := openBrowser(t)
	file := filepath.Join(t.TempDir(), "index.html")
	require.NoError(t, os.WriteFile(file, []byte(html(t, r)), 0o644))
	b.open((&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String(), width)
	require.Len(t, b.seen("Network.requestWillBeSent"), 1, "the page itself, and nothing else")
	require.Empty(t, b.seen("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"))
	require.Zero(t, eval[int](b, `document.querySelectorAll("script, img, iframe, object, embed, link, form").length`))
	return b
}

func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	b := openPage(t, withLesson(manyFail()), 360)
	text := eval[string](b, "document.body.innerText")
	for _, want := range []string{`ann said "plum 4f2c". ben and cat heard it. ann herself did not.`, "1 of 3 labs pass", "go tool lab check 1.1 --seed 71c3", "Read the lesson"} {
		require.Contains(t, text, want)
	}
	require.LessOrEqual(t, eval[int](b, "document.documentElement.scrollWidth"), 360, "no sideways scrolling of the page on a phone")
	require.Equal(t, "en", eval[string](b, "document.documentElement.lang"))
	require.Empty(t, eval[[]string](b, skippedHeadings))
	require.True(t, eval[bool](b, `(document.querySelectorAll("details").forEach(d => d.open = true), document.documentElement.scrollWidth <= 360)`), "with all details open too")
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		require.Empty(t, eval[[]string](b, faint), scheme)
	}
	require.NotEqual(t, "rgb(255, 255, 255)", eval[string](b, "getComputedStyle(document.body).backgroundColor"), "dark is dark")
}

func TestHostilePageInABrowser(t *testing.T) {
	t.Parallel()
	const evil = `"><img src=x onerror=alert(1)><svg onload=alert(2)></title></style></svg><b id=evil>`
	r := hostileRun()
	f := r.Labs[0].Verdicts[0].Failure
	r.Submission, r.Seed, r.Version = evil, evil, evil
	f.Headline, f.Next, f.Facts = evil, evil, []string{evil}
	f.Excerpt[0].Text, f.Excerpt[1].Who = evil, evil
	r.Labs[0].Verdicts[0].Transcript = f.Excerpt
	b := openPage(t, r, 1200)
	require.Equal(t, 7, strings.Count(eval[string](b, "document.body.innerText"), evil), "name, headline, fact, next, command, seed and version, as text")
	require.False(t, eval[bool](b, `!!document.querySelector("#evil, [onerror], [onload]")`))
	require.Equal(t, 2, eval[int](b, `document.querySelectorAll("svg").length`))
	require.Equal(t, "! "+r.summary(), eval[string](b, `document.querySelector("h1").innerText`))
}

// skippedHeadings lists headings that are more than one level below the one before them.
const skippedHeadings = `(() => { let last = 0, bad = [];
for (const h of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) { const n = +h.tagName[1]; if (n > last + 1) bad.push(h.innerText); last = n; }
return bad })()`

// faint lists texts whose contrast is below 4.5:1 (WCAG 2.2, 1.4.3), each by its colours.
const faint = `(() => {
const rgb = s => s.match(/[\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
const bad = new Set();
for (const e of document.querySelectorAll("body *")) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
  const style = getComputedStyle(e), ink = rgb(e.closest("svg") ? style.fill : style.color), paper = behind(e);
  const [a, b] = [light(ink), light(paper)].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5 && e.tagName !== "title") bad.add(e.tagName + " " + ink + " on " + paper);
}
return [...bad] })()`
