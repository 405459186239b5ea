import type { Examples } from "../testing/examples.ts";
import { ecsContainer, taskDefinition } from "../testing/fixtures.ts";

const arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:worldstore/prod/ANTHROPIC_API_KEY";
const kmsKeyId = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d";

const task = (valueFrom: string) =>
  taskDefinition([ecsContainer({ secrets: [{ name: "ANTHROPIC_API_KEY", valueFrom }] })]);
const secret = (properties: Record<string, unknown>) => ({
  type: "aws:secretsmanager/secret:Secret",
  name: "anthropic",
  properties: { name: "worldstore/prod/ANTHROPIC_API_KEY", kmsKeyId, recoveryWindowInDays: 30, ...properties },
});

export const examples: Examples = {
  good: [
    { title: "A task that names a secret by its ARN", resources: [secret({}), task(arn)] },
    {
      title: "A parameter that is encrypted",
      resources: [
        {
          type: "aws:ssm/parameter:Parameter",
          properties: { name: "/app/API_KEY", type: "SecureString", keyId: kmsKeyId },
        },
      ],
    },
  ],
  bad: [
    {
      title: "A name that only SSM knows",
      resources: [task("ANTHROPIC_API_KEY")],
      property: "containerDefinitions[0].secrets[0].valueFrom",
    },
    {
      title: "A secret under AWS's own key",
      resources: [secret({ kmsKeyId: "alias/aws/secretsmanager" })],
      property: "kmsKeyId",
    },
    {
      title: "A secret that vanishes at once",
      resources: [secret({ recoveryWindowInDays: 0 })],
      property: "recoveryWindowInDays",
    },
    {
      title: "A secret in a plain parameter",
      resources: [{ type: "aws:ssm/parameter:Parameter", properties: { name: "/app/API_KEY", type: "String" } }],
      property: "type",
    },
  ],
};
