import type { Examples } from "../testing/examples.ts";
import { deployment, ecsContainer, taskDefinition } from "../testing/fixtures.ts";
import { aws, ingress, ofSystem, targetGroup } from "../testing/network-fixtures.ts";

const variable = (value: string) => [{ name: "STORE_URL", value }];

export const examples: Examples = {
  good: [
    {
      title: "A cache that accepts TLS alone",
      resources: [
        aws("elasticache/replicationGroup:ReplicationGroup", {
          transitEncryptionEnabled: true,
          subnetGroupName: "data",
        }),
      ],
    },
    { title: "An address with TLS", resources: [deployment({ env: variable("rediss://redis:6380") })] },
  ],
  bad: [
    {
      title: "A cache without TLS",
      resources: [aws("elasticache/replicationGroup:ReplicationGroup", { transitEncryptionEnabled: false })],
      property: "transitEncryptionEnabled",
    },
    {
      title: "Settings of PostgreSQL that let plain connections in",
      resources: [
        aws("rds/parameterGroup:ParameterGroup", {
          family: "postgres17",
          parameters: [{ name: "rds.force_ssl", value: "0" }],
        }),
      ],
      property: "parameters[0].value",
    },
    {
      title: "An address without TLS",
      resources: [taskDefinition([ecsContainer({ environment: variable("redis://redis:6379") })])],
      property: "containerDefinitions[0].environment[0].value",
    },
    {
      title: "A plain way from the edge to retail-brain",
      resources: [ofSystem("retail-brain", targetGroup())],
      property: "protocol",
    },
    {
      title: "A plain way from the ingress to ecommerce-bot",
      resources: [ofSystem("ecommerce-bot", ingress())],
      property: 'metadata.annotations["nginx.ingress.kubernetes.io/backend-protocol"]',
    },
  ],
};
