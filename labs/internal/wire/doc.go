// Package wire knows what crosses a TCP connection that becomes a WebSocket: it reads and writes frames,
// and it captures what crossed the loopback of the network namespace that the process is in.
//
// The codec, [ReadFrame] and [AppendFrame], obeys no rule of RFC 6455 but the layout: what is right, a judge decides.
//
// A [Capture] stands beside the programs, not between them. It promises:
//   - An [Event] for each TCP segment with SYN, RST or FIN, for the HTTP request and its response, and, once that
//     is a 101, for each frame, of each connection whose SYN it saw.
//   - The events of one direction of a connection are in the order of its bytes.
//   - What had crossed the loopback before [Capture.Sync] was called is among the events when it returns.
//
// It does not promise to see everything: the kernel drops what the reader is too slow for ([Capture.Lost]), and a
// connection with a hole in it falls silent, since nobody sends the missing bytes again.
// Memory is bounded: see [MaxEvents] and [MaxPayload].
package wire
