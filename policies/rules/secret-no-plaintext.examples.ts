import type { Examples } from "../testing/examples.ts";
import { deployment, ecsContainer, kubernetes, taskDefinition } from "../testing/fixtures.ts";

const secretKeyRef = { name: "agent", key: "wallet-key" };
const valueFrom = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:agent-AbCdEf:wallet-key::";

export const examples: Examples = {
  good: [
    {
      title: "A Deployment that refers to a secret",
      resources: [deployment({ env: [{ name: "WALLET_KEY", valueFrom: { secretKeyRef } }] })],
    },
    {
      title: "A task that refers to a secret",
      resources: [taskDefinition([ecsContainer({ secrets: [{ name: "WALLET_KEY", valueFrom }] })])],
    },
  ],
  bad: [
    {
      title: "A secret as the text of a variable",
      resources: [deployment({ env: [{ name: "WALLET_KEY", value: "correct-horse-battery" }] })],
      property: "spec.template.spec.containers[0].env[0].value",
    },
    {
      title: "A password in a ConfigMap",
      resources: [kubernetes("core/v1:ConfigMap", { data: { DB_PASSWORD: "correct-horse-battery" } })],
      property: "data.DB_PASSWORD",
    },
    {
      title: "A secret as the text of a variable of a task",
      resources: [
        taskDefinition([ecsContainer({ environment: [{ name: "JWT_SECRET", value: "correct-horse-battery" }] })]),
      ],
      property: "containerDefinitions[0].environment[0].value",
    },
  ],
};
