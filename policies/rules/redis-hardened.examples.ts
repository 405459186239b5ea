import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { cacheGroup } from "../testing/store-fixtures.ts";

const conf = (text: string) => kubernetes("core/v1:ConfigMap", { data: { "redis.conf": text } });

export const examples: Examples = {
  good: [
    { title: "A cache with TLS, users and three nodes", resources: [cacheGroup()] },
    { title: "A server in the cluster that keeps an append-only file", resources: [conf("appendonly yes\n")] },
  ],
  bad: [
    {
      title: "A cache that anyone in the network may use",
      resources: [cacheGroup({ userGroupIds: undefined })],
      property: "userGroupIds",
    },
    {
      title: "A server in the cluster that forgets everything",
      resources: [conf('save ""\nappendonly no\n')],
      property: 'data["redis.conf"]',
    },
    {
      title: "A cache that talks without TLS",
      resources: [cacheGroup({ transitEncryptionEnabled: false })],
      property: "transitEncryptionEnabled",
    },
  ],
};
