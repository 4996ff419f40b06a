package harness

import "fmt"

// flagMeaning says what the flags are for that labs ask of a server, as the lessons have them.
func flagMeaning(flag string) string {
	meaning := map[string]string{
		"-ping":        "-ping DURATION: a client that says nothing is sent a ping in that interval, and dropped after three without an answer",
		"-max-message": "-max-message BYTES: a longer message is answered with Close 1009",
	}[flag]
	if meaning == "" {
		return fmt.Sprintf("a server that takes %s", flag)
	}
	return meaning
}
