import assert from "node:assert/strict";
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";

import { startEmulator, type Emulator } from "../../local/aws/emulator.ts";
import { runTask } from "./run-task.ts";
import { emulatedClient } from "./testing/emulated.ts";
import { testInvocation } from "./testing/invocation.ts";

describe("a task in emulated ECS, where no container runs", () => {
  let emulator: Emulator;
  let ecs: ECSClient;
  before("start the emulator", async () => {
    emulator = await startEmulator();
    ecs = new ECSClient(emulatedClient(emulator.endpoint));
  });
  after(() => emulator.stop());

  it("is placed on Fargate and waited for", async () => {
    await ecs.send(new CreateClusterCommand({ clusterName: "c" }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "migrate",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
        containerDefinitions: [{ name: "migrate", image: "migrate:1", cpu: 256, memory: 512 }],
      }),
    );
    const event = {
      cluster: "c",
      taskDefinition: "migrate",
      subnetIds: [await existing(emulator, "DescribeSubnets", "subnetId")],
      securityGroupIds: [await existing(emulator, "DescribeSecurityGroups", "groupId")],
    };
    const handle = runTask({ ecs, interval: 50 });
    const { taskArn } = (await handle({ ...event, timeoutSeconds: 5 }, testInvocation())) as { taskArn: string };
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: "c", tasks: [taskArn] }));
    const [task] = tasks ?? [];
    assert.deepEqual([task?.launchType, task?.startedBy, task?.lastStatus], ["FARGATE", "operations", "STOPPED"]);
  });

  it("is refused with ECS's words when there is no such cluster", async () => {
    const event = { cluster: "none", taskDefinition: "migrate", subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
    await assert.rejects(runTask({ ecs })({ ...event, timeoutSeconds: 5 }, testInvocation()), /Cluster not found/);
  });
});

/** The first id of a kind that the emulator's account has from the start. */
async function existing({ endpoint }: Emulator, action: string, tag: string): Promise<string> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/ec2/aws4_request, Signature=none",
    },
    body: `Action=${action}&Version=2016-11-15`,
  });
  return new RegExp(`<${tag}>([^<]+)<`).exec(await response.text())?.[1] ?? "";
}
