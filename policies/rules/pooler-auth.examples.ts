import type { Examples } from "../testing/examples.ts";
import { ecsContainer, kubernetes, taskDefinition } from "../testing/fixtures.ts";

const settings = (authType: string) =>
  kubernetes("core/v1:ConfigMap", { data: { "pgbouncer.ini": `[pgbouncer]\nauth_type = ${authType}\n` } });
const pooler = (value: string) =>
  taskDefinition([
    ecsContainer({
      name: "pgbouncer",
      image: "images.local/pgbouncer:1.25.0",
      environment: [{ name: "AUTH_TYPE", value }],
    }),
  ]);

export const examples: Examples = {
  good: [
    { title: "SCRAM in the settings file", resources: [settings("scram-sha-256")] },
    { title: "SCRAM in a variable of the task", resources: [pooler("scram-sha-256")] },
  ],
  bad: [
    {
      title: "A proxy of RDS whose clients log in with md5",
      resources: [
        {
          type: "aws:rds/proxy:Proxy",
          name: "proxy",
          properties: {
            engineFamily: "POSTGRESQL",
            requireTls: true,
            auths: [{ authScheme: "SECRETS", iamAuth: "DISABLED", clientPasswordAuthType: "POSTGRES_MD5" }],
          },
        },
      ],
      property: "auths[0].clientPasswordAuthType",
    },
    { title: "The value of the guide", resources: [settings("md5")], property: 'data["pgbouncer.ini"]' },
    {
      title: "Everyone may enter",
      resources: [pooler("trust")],
      property: "containerDefinitions[0].environment[0].value",
    },
    {
      title: "A pooler that the internet reaches",
      resources: [
        kubernetes("core/v1:Service", { spec: { type: "LoadBalancer", ports: [{ port: 6432 }] } }, "pgbouncer"),
      ],
      property: "spec.type",
    },
  ],
};
