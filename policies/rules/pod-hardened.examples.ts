import type { Examples } from "../testing/examples.ts";
import { container, deployment, ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";

const user = (runAsUser: number) => ({
  runAsNonRoot: true,
  runAsUser,
  seccompProfile: { type: "RuntimeDefault" },
});
const writable = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: false, capabilities: { drop: ["ALL"] } };

export const examples: Examples = {
  good: [
    {
      title: "A Deployment of an ordinary user on a root file system that it cannot change",
      resources: [deployment()],
    },
    { title: "A task of an ordinary user", resources: [taskDefinition()] },
  ],
  bad: [
    {
      title: "A pod that runs as root",
      resources: [workload(podSpec({ securityContext: user(0) }))],
      property: "spec.template.spec.securityContext.runAsUser",
    },
    {
      title: "A container that may write to its root file system",
      resources: [workload(podSpec({ containers: [container({ securityContext: writable })] }))],
      property: "spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem",
    },
    {
      title: "A task that runs as root",
      resources: [taskDefinition([ecsContainer({ user: "0" })])],
      property: "containerDefinitions[0].user",
    },
  ],
};
