package starter

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const reference = `package p

//lab:2 begin  Say another number.
const number = 8080

//lab:2 starter
//	const number = 2000
//lab:2 end

func f(heard []int) (n int) {
	//lab:1 begin  Count them all.
	for _, h := range heard {
		n += h
	}
	//lab:1 starter
	//	if len(heard) > 0 {
	//		n = heard[0]
	//	}
	//lab:1 end
	return n
}

//lab:1 begin

func g() {}

//lab:1 end
`

func TestRender(t *testing.T) {
	for solved, want := range []string{`package p

// TODO lab 2: Say another number.
const number = 2000

func f(heard []int) (n int) {
	// TODO lab 1: Count them all.
	if len(heard) > 0 {
		n = heard[0]
	}
	return n
}
`, `package p

// TODO lab 2: Say another number.
const number = 2000

func f(heard []int) (n int) {
	for _, h := range heard {
		n += h
	}
	return n
}

func g() {}
`, `package p

const number = 8080

func f(heard []int) (n int) {
	for _, h := range heard {
		n += h
	}
	return n
}

func g() {}
`} {
		got, err := Render(reference, solved)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// What is beyond the labs is in no workspace, however many labs are solved.
func TestRenderBeyond(t *testing.T) {
	for _, solved := range []int{0, 1, 99} {
		got, err := Render("package p\n\n//lab:beyond begin\nvar x = 1\n\n//lab:beyond starter\n//\tvar x = 2\n//lab:beyond end\n", solved)
		require.NoError(t, err)
		require.Equal(t, "package p\n\nvar x = 2\n", got)
	}
}

func TestRenderRefuses(t *testing.T) {
	for source, want := range map[string]string{
		"package p\n//lab:1 begin\n":                                        "the region //lab:1 has no end",
		"package p\n//lab:1 end\n":                                          "line 2: //lab:1 end has no place here",
		"package p\n//lab:1 starter\n":                                      "line 2: //lab:1 starter has no place here",
		"package p\n//lab:1 begin\n//lab:2 begin\n":                         "line 3: //lab:2 begin has no place here",
		"package p\n//lab:1 begin\n//lab:2 end\n":                           "line 3: //lab:2 end has no place here",
		"package p\n//lab:1 begin\n//lab:1 starter\n//lab:1 starter\n":      "line 4: //lab:1 starter has no place here",
		"package p\n//lab:1 begin\n//lab:1 starter\nvar x int\n":            `line 4: the starter's lines are comments, this is not: "var x int"`,
		"package p\n//lab:one begin\n":                                      `line 2: "//lab:one begin" is no marker: want //lab:N or //lab:beyond, and begin, starter or end`,
		"package p\n//lab:1 begin\n//lab:1 starter\n//	func {\n//lab:1 end": "2:7: expected 'IDENT', found '{'",
	} {
		_, err := Render(source, 0)
		require.EqualError(t, err, want, source)
	}
}
