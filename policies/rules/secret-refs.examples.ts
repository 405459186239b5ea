import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { deployment, ecsContainer, kubernetes, taskDefinition } from "../testing/fixtures.ts";

const arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/LICENSE_KEY";

const sealed: TestResource = kubernetes(
  "bitnami.com/v1alpha1:SealedSecret",
  { spec: { encryptedData: { LICENSE_KEY: "AgBy" } } },
  "app-secrets",
);
const pod = (key: string) =>
  deployment({ env: [{ name: "LICENSE_KEY", valueFrom: { secretKeyRef: { name: "app-secrets", key } } }] });
const task = taskDefinition([ecsContainer({ secrets: [{ name: "LICENSE_KEY", valueFrom: arn }] })]);
const secret: TestResource = {
  type: "aws:secretsmanager/secret:Secret",
  name: "license",
  properties: { name: "app/LICENSE_KEY" },
};

export const examples: Examples = {
  good: [
    { title: "A key of a sealed secret", resources: [pod("LICENSE_KEY"), sealed] },
    { title: "The ARN of a secret", resources: [task, secret] },
  ],
  bad: [
    {
      title: "A secret that nothing makes",
      resources: [pod("LICENSE_KEY")],
      property: "spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name",
    },
    {
      title: "A key that the secret does not have",
      resources: [pod("LICENCE"), sealed],
      property: "spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key",
    },
    {
      title: "An ARN that leads nowhere",
      resources: [task],
      property: "containerDefinitions[0].secrets[0].valueFrom",
    },
  ],
};
