import type { Examples } from "../testing/examples.ts";
import { container, deployment, podSpec, workload } from "../testing/fixtures.ts";

export const examples: Examples = {
  good: [
    {
      title: "A secret as a file",
      resources: [
        workload(
          podSpec({
            containers: [
              container({ volumeMounts: [{ name: "secrets", mountPath: "/run/secrets/app", readOnly: true }] }),
            ],
            volumes: [{ name: "secrets", secret: { secretName: "agent-secrets" } }],
          }),
        ),
      ],
    },
  ],
  bad: [
    {
      title: "A secret in a variable",
      resources: [
        deployment({
          env: [{ name: "WALLET_KEY", valueFrom: { secretKeyRef: { name: "agent-secrets", key: "WALLET_KEY" } } }],
        }),
      ],
      property: "spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef",
    },
    {
      title: "A whole secret as variables",
      resources: [deployment({ envFrom: [{ secretRef: { name: "agent-secrets" } }] })],
      property: "spec.template.spec.containers[0].envFrom[0].secretRef",
    },
  ],
};
