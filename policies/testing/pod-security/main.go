// Judges pods as the admission controller of Kubernetes does: reads one pod in JSON on each line, writes for each the
// ids of the checks that forbid it, as one JSON list on a line. All checks are asked, in their newest version.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/policy"
)

func main() {
	if err := judge(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func judge() error {
	checks := policy.DefaultChecks()
	decoder := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for decoder.More() {
		var pod corev1.Pod
		if err := decoder.Decode(&pod); err != nil {
			return err
		}
		forbidden := []policy.CheckID{}
		for _, check := range checks {
			newest := check.Versions[len(check.Versions)-1]
			if !newest.CheckPod(&pod.ObjectMeta, &pod.Spec).Allowed {
				forbidden = append(forbidden, check.ID)
			}
		}
		if err := encoder.Encode(forbidden); err != nil {
			return err
		}
	}
	return nil
}
