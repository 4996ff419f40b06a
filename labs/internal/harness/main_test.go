package harness

import (
	"bufio"
	"fmt"
	"os"
	"testing"
)

// TestMain lets the test binary play the programs that are judged: "fake NAME" as its arguments.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "fake" {
		os.Exit(fakes()[os.Args[2]]())
	}
	os.Exit(m.Run())
}

func fakes() map[string]func() int {
	return map[string]func() int{
		"crash":  func() int { fmt.Fprint(os.Stderr, "Error: connection refused"); return 1 },
		"babble": func() int { fmt.Fprint(os.Stderr, "\nhello\nthis says-it\nand this says-it too\n"); return 2 },
		"newline-first": func() int { // as programs print that redraw a prompt
			for in := bufio.NewScanner(os.Stdin); in.Scan(); {
				fmt.Print("\nFrom server: ", in.Text())
			}
			return 0
		},
		"flood": func() int {
			out := bufio.NewWriter(os.Stdout)
			for {
				fmt.Fprintln(out)
			}
		},
		"deaf": func() int { // it never reads its input
			wait := make(chan os.Signal)
			fmt.Println("ready")
			<-wait
			return 0
		},
	}
}

func fake(name string) Submission {
	return Submission{Client: Program{Run: []string{os.Args[0], "fake", name}, Shown: []string{"chat"}}}
}
