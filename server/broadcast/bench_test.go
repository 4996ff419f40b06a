package broadcast

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// What publishing costs does not depend on how many readers are behind.
func BenchmarkPublish(b *testing.B) {
	for _, stalled := range []int{0, 10, 1000} {
		b.Run(fmt.Sprintf("stalled=%d", stalled), func(b *testing.B) {
			var log Log
			readers := make([]*Reader, stalled)
			for i := range readers {
				readers[i] = log.Reader()
			}
			text := message(1)
			b.ReportAllocs()
			for b.Loop() {
				log.Publish(text)
			}
			runtime.KeepAlive(readers)
		})
	}
}

// One message, until every reader has it.
func BenchmarkFanOut(b *testing.B) {
	for _, readers := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("readers=%d", readers), func(b *testing.B) {
			var log Log
			var served, running sync.WaitGroup
			for range readers {
				r := log.Reader()
				running.Go(func() {
					for {
						if _, err := r.Next(context.Background()); err != nil {
							return
						}
						served.Done()
					}
				})
			}
			text := message(1)
			b.ReportAllocs()
			for b.Loop() {
				served.Add(readers)
				log.Publish(text)
				served.Wait()
			}
			log.Close()
			running.Wait()
		})
	}
}
