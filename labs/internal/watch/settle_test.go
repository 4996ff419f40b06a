package watch

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const quiet = 50 * time.Millisecond

// settling runs settle in a bubble of time.
func settling(t *testing.T, test func(names chan<- string, out <-chan []Change)) {
	synctest.Test(t, func(t *testing.T) {
		names, out := make(chan string), make(chan []Change)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			settle(ctx, names, quiet, func(name string) (Change, bool) { return Change{Name: name}, name != "folder" }, out)
		}()
		test(names, out)
		cancel()
		<-done
	})
}

func TestSettlesAfterTheLastWrite(t *testing.T) {
	settling(t, func(names chan<- string, out <-chan []Change) {
		began := time.Now()
		for range 5 {
			names <- "main.go"
			<-time.After(quiet - time.Millisecond)
		}
		require.Equal(t, []Change{{Name: "main.go"}}, <-out)
		require.Equal(t, 5*quiet-4*time.Millisecond, time.Since(began))
	})
}

func TestWhatComesBeforeItIsTakenIsAdded(t *testing.T) {
	settling(t, func(names chan<- string, out <-chan []Change) {
		names <- "main.go"
		<-time.After(10 * quiet)
		names <- "chat.go"
		require.Equal(t, []Change{{Name: "main.go"}, {Name: "chat.go"}}, <-out)
	})
}

func TestAFolderIsNoChange(t *testing.T) {
	settling(t, func(names chan<- string, out <-chan []Change) {
		names <- "folder"
		<-time.After(10 * quiet)
		names <- "main.go"
		require.Equal(t, []Change{{Name: "main.go"}}, <-out)
	})
}

// Somebody who never pauses keeps nobody's changes back for ever.
func TestSettlesThoughSomebodyNeverPauses(t *testing.T) {
	settling(t, func(names chan<- string, out <-chan []Change) {
		began := time.Now()
		write := time.NewTicker(quiet / 2)
		defer write.Stop()
		for i := 0; ; i++ {
			select {
			case changes := <-out:
				require.Equal(t, "0", changes[0].Name)
				require.LessOrEqual(t, time.Since(began), (restless+1)*quiet)
				return
			case <-write.C:
				names <- strconv.Itoa(i)
			}
		}
	})
}
