// Creates or removes the folder of a persistent volume, as the volume provisioner asks its helper pods to.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	path := flag.String("p", "", "the folder")
	action := flag.String("a", "", "create or delete")
	flag.String("s", "", "the size, which a folder does not limit")
	flag.String("m", "", "the volume mode")
	flag.Parse()
	if err := run(*action, *path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(action, path string) error {
	if path == "" || path == "/" {
		return fmt.Errorf("a folder is needed, not %q", path)
	}
	switch action {
	case "create":
		if err := os.MkdirAll(path, 0o777); err != nil {
			return err
		}
		// The umask took bits away; pods with any user write here unless fsGroup narrows it.
		return os.Chmod(path, 0o777)
	case "delete":
		return os.RemoveAll(path)
	}
	return fmt.Errorf("action %q is neither create nor delete", action)
}
