import { copies } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";
import { container, ecsContainer, podSpec, taskDefinition } from "../testing/fixtures.ts";
import { ecsService } from "../testing/copies.ts";

const agent = (spec: Record<string, unknown>, volumes: unknown[] = []) => {
  const containers = [container({ volumeMounts: [{ name: "data", mountPath: "/app/data" }] })];
  return copies(spec, { name: "worldstore-agent", kind: "StatefulSet", pod: podSpec({ containers, volumes }) });
};
const onEcs = (volume: Record<string, unknown>) => [
  ecsService({ taskDefinition: "worldstore-agent" }, "worldstore-agent"),
  taskDefinition([ecsContainer({ mountPoints: [{ sourceVolume: "data", containerPath: "/app/data" }] })], {
    arn: "worldstore-agent",
    volumes: [{ name: "data", ...volume }],
  }),
];

export const examples: Examples = {
  good: [
    {
      title: "A volume that outlives the pod",
      resources: [agent({ volumeClaimTemplates: [{ metadata: { name: "data" } }] })],
    },
    {
      title: "Encrypted files at an access point of its own, on ECS",
      resources: onEcs({
        efsVolumeConfiguration: {
          fileSystemId: "fs-1",
          transitEncryption: "ENABLED",
          authorizationConfig: { accessPointId: "fsap-1", iam: "ENABLED" },
        },
      }),
    },
  ],
  bad: [
    {
      title: "A database that ends with the pod",
      resources: [agent({}, [{ name: "data", emptyDir: {} }])],
      property: "spec.template.spec.volumes[0]",
    },
    { title: "A database that ends with the task", resources: onEcs({}), property: "volumes" },
  ],
};
