// Command server ends at once and leaves a daemon behind that holds its output.
//
// Says: left a process behind that holds its output
package main

import "broadcastlab/testdata/daemon"

func main() { daemon.Leave() }
