import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";

const secret = (tags: Record<string, string>, name = "worldstore/prod/ANTHROPIC_API_KEY"): TestResource => ({
  type: "aws:secretsmanager/secret:Secret",
  name: "secret",
  properties: { name, kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d", tags },
});

const rotation = (automaticallyAfterDays: number): TestResource => ({
  type: "aws:secretsmanager/secretRotation:SecretRotation",
  name: "rotation",
  properties: { secretId: UNKNOWN, rotationRules: { automaticallyAfterDays } },
  propertyDependencies: { secretId: [urnOf(secret({}))] },
});

const sealed = (annotations: Record<string, string>) =>
  kubernetes("bitnami.com/v1alpha1:SealedSecret", {
    metadata: { name: "agent", namespace: "worldstore", annotations },
    spec: { encryptedData: { ANTHROPIC_API_KEY: "AgBy" } },
  });

export const examples: Examples = {
  good: [
    { title: "A secret that a function rotates", resources: [secret({}), rotation(30)] },
    { title: "A key of somebody else's service, exchanged by people", resources: [secret({ rotation: "90 d" })] },
    {
      title: "A key whose exchange would lose data",
      resources: [
        secret(
          { rotation: "never", "rotation-reason": "its exchange would lose the data" },
          "worldstore/prod/ENCRYPTION_KEY",
        ),
      ],
    },
    {
      title: "A sealed secret that people exchange",
      resources: [sealed({ "rotation.agent-commerce/ANTHROPIC_API_KEY": "90 d" })],
    },
  ],
  bad: [
    { title: "A secret that nobody exchanges", resources: [secret({})], property: "tags.rotation" },
    {
      title: "A rotation once in a year",
      resources: [secret({}), rotation(365)],
      property: "rotationRules.automaticallyAfterDays",
    },
    {
      title: "A sealed secret that says nothing",
      resources: [sealed({})],
      property: 'metadata.annotations["rotation.agent-commerce/ANTHROPIC_API_KEY"]',
    },
  ],
};
