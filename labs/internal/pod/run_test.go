//go:build linux

package pod

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func echoJob(_ context.Context, in string, out io.Writer) error {
	fmt.Println("a stray line on standard output")
	_, err := io.WriteString(out, in)
	return err
}

func TestRunAnswers(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w World) {
		want := bytes.Repeat([]byte("plum"), 1<<18) // more than a pipe holds
		got, err := run(t, w, append([]byte("echo\n"), want...))
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got))
	})
}

func dieJob(_ context.Context, in string, _ io.Writer) error {
	for range 1000 {
		fmt.Fprintln(os.Stderr, "a long way down")
	}
	return errors.New(in)
}

func TestRunTellsHowThePodDied(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w World) {
		answer, err := run(t, w, []byte("die\nout of plums"))
		require.ErrorContains(t, err, "pod: exit status 3: ")
		require.ErrorContains(t, err, "out of plums")
		require.Less(t, len(err.Error()), tailSize+100)
		require.Nil(t, answer)
	})
}

// floodJob writes without end. It ends only with the pod.
func floodJob(_ context.Context, _ string, out io.Writer) error {
	block := make([]byte, 1<<20)
	for {
		if _, err := out.Write(block); err != nil {
			select {}
		}
	}
}

func TestRunBoundsTheAnswer(t *testing.T) {
	_, err := run(t, World{}, []byte("flood\n"))
	require.EqualError(t, err, fmt.Sprintf("pod: the first process wrote more than %d bytes", MaxOutput))
}

func TestRunRefusesAProgramWithoutMain(t *testing.T) {
	t.Setenv(marker, roleShared)
	_, err := World{}.Run(t.Context(), nil)
	require.EqualError(t, err, "start pod: this program is a pod's first process and has not called pod.Main")
}

// BenchmarkRun is what a pod costs, from start to gone.
func BenchmarkRun(b *testing.B) {
	for name, w := range map[string]World{"isolated": isolated(b), "shared": {}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := w.Run(b.Context(), []byte("echo\n"))
				require.NoError(b, err)
			}
		})
	}
}
