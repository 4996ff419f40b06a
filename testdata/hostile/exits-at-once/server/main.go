// Command server ends at once, as if all were done.
//
// Says: The server ended with status 0 before it listened.
package main

func main() {}
