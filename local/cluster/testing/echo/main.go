// A pod to test the cluster from the inside: it answers, looks names up, connects and keeps files, as it is asked over HTTP.
package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	http.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
	http.HandleFunc("GET /lookup", func(w http.ResponseWriter, r *http.Request) {
		found, err := net.DefaultResolver.LookupHost(r.Context(), r.FormValue("name"))
		reply(w, strings.Join(found, " "), err)
	})
	http.HandleFunc("GET /connect", func(w http.ResponseWriter, r *http.Request) {
		connection, err := net.DialTimeout("tcp", r.FormValue("address"), 2*time.Second)
		if err == nil {
			connection.Close()
		}
		reply(w, "connected", err)
	})
	http.HandleFunc("GET /file", func(w http.ResponseWriter, r *http.Request) {
		content, err := os.ReadFile(r.FormValue("path"))
		reply(w, string(content), err)
	})
	http.HandleFunc("PUT /file", func(w http.ResponseWriter, r *http.Request) {
		content, err := io.ReadAll(r.Body)
		if err == nil {
			err = os.WriteFile(r.FormValue("path"), content, 0o600)
		}
		reply(w, "written", err)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func reply(w http.ResponseWriter, answer string, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	io.WriteString(w, answer)
}
