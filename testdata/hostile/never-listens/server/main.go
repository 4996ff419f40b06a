// Command server runs and never listens.
//
// Says: listens on no port
package main

import (
	"fmt"
	"time"
)

func main() {
	fmt.Println("listening on 127.0.0.1:8080")
	<-time.After(5 * time.Minute)
}
