import { UNKNOWN, urnOf } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";

const bytes = (length: number, name = "jwt-secret") => ({
  type: "random:index/randomBytes:RandomBytes",
  name,
  properties: { length },
});

const secret = {
  type: "aws:secretsmanager/secret:Secret",
  name: "key",
  properties: { name: "worldstore/prod/ENCRYPTION_KEY" },
};

const version = (secretString: string) => ({
  type: "aws:secretsmanager/secretVersion:SecretVersion",
  name: "key",
  properties: { secretId: UNKNOWN, secretString },
  propertyDependencies: { secretId: [urnOf(secret)] },
});

export const examples: Examples = {
  good: [
    { title: "32 random bytes", resources: [bytes(32)] },
    {
      title: "43 letters and digits",
      resources: [
        { type: "random:index/randomPassword:RandomPassword", name: "db", properties: { length: 43, special: false } },
      ],
    },
    { title: "A key of 64 hexadecimal digits", resources: [secret, version("0a".repeat(32))] },
  ],
  bad: [
    { title: "16 random bytes", resources: [bytes(16)], property: "length" },
    {
      title: "A password of 20 characters",
      resources: [{ type: "random:index/randomPassword:RandomPassword", name: "db", properties: { length: 20 } }],
      property: "length",
    },
    {
      title: "A key of 32 hexadecimal digits",
      resources: [secret, version("0a".repeat(16))],
      property: "secretString",
    },
  ],
};
