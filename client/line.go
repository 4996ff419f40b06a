package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// typed reads r in a goroutine that nobody waits for: a read of standard input cannot be called off. It ends with the input,
// or with the first line after ctx is done; if none comes any more, with the program.
func typed(ctx context.Context, r io.Reader) <-chan string {
	lines := make(chan string)
	go readLines(ctx, r, lines)
	return lines
}

// readLines passes lines on, however long, and closes lines at the end of the input. Blanks stay, an empty line is no
// message, and what is not UTF-8 is replaced: a text message has to be (RFC 6455, section 5.6).
func readLines(ctx context.Context, r io.Reader, lines chan<- string) {
	defer close(lines)
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadString('\n')
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if line != "" {
			select {
			case lines <- strings.ToValidUTF8(line, "\uFFFD"):
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// visible escapes what is not to be seen, so that a text can neither forge a line nor move the cursor. It adds no quotes,
// so a text that the server has quoted stays as it is.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strconv.IsGraphic(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
