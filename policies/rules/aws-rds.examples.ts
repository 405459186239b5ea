import type { Examples } from "../testing/examples.ts";
import { rdsInstance } from "../testing/store-fixtures.ts";

export const examples: Examples = {
  good: [{ title: "A server with an administrator of its own name", resources: [rdsInstance()] }],
  bad: [
    {
      title: "A server with an administrator whom everybody would guess",
      resources: [rdsInstance({ username: "admin" })],
      property: "username",
    },
    {
      title: "A server that identities of IAM cannot use",
      resources: [rdsInstance({ iamDatabaseAuthenticationEnabled: false })],
      property: "iamDatabaseAuthenticationEnabled",
    },
  ],
};
