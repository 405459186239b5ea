import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN } from "../testing/analyzer.ts";
import { container, ecsContainer, POD_KINDS, podPath, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { containerDrafts, podDraft, taskContainerDrafts } from "./drafts.ts";

const draftOf = ({ type, properties }: { type: string; properties: Record<string, unknown> }) =>
  new ResourceDraft({ type, name: "payment-server" }, properties);

describe("drafts of workloads", () => {
  it("find the containers of every kind that bears a pod", () => {
    for (const kind of Object.keys(POD_KINDS) as (keyof typeof POD_KINDS)[]) {
      const spec = podDraft(draftOf(workload(podSpec({ initContainers: [container()] }), kind)));
      assert.equal(spec?.path, podPath(kind));
      const paths = containerDrafts(spec).map(({ path }) => path);
      assert.deepEqual(paths, [`${spec.path}.containers[0]`, `${spec.path}.initContainers[0]`], kind);
    }
    assert.equal(podDraft(draftOf(taskDefinition())), undefined);
  });

  it("find the containers of an ECS task", () => {
    const [first, ...others] = taskContainerDrafts(draftOf(taskDefinition([ecsContainer({ image: "a:1" })])));
    assert.equal(first?.get("image").value, "a:1");
    assert.deepEqual(others, []);
    assert.deepEqual(taskContainerDrafts(draftOf(taskDefinition(UNKNOWN))), []);
    assert.deepEqual(taskContainerDrafts(draftOf(workload())), []);
  });
});
