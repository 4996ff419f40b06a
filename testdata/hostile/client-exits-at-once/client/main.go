// Command client ends at once, as if all were done.
//
// Says: ann ended with status 0
package main

func main() {}
