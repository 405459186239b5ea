import type { Draft, DraftField } from "../frame/draft.ts";
import { TASK_DEFINITION } from "./ecs.ts";
import { templatePath } from "./kubernetes.ts";

/** The pod specification of a Kubernetes workload that is to be remediated, whichever of the nine kinds it is. */
export function podDraft(draft: Draft): DraftField | undefined {
  const path = templatePath(draft.type);
  return path === undefined ? undefined : draft.get(...path, "spec");
}

/** The containers of a pod specification: ordinary, init and ephemeral ones unless only some lists are asked for. */
export function containerDrafts(
  podSpec: DraftField,
  lists: readonly string[] = ["containers", "initContainers", "ephemeralContainers"],
): DraftField[] {
  return lists.flatMap((list) => podSpec.get(list).items());
}

/** The container definitions of an ECS task that is to be remediated; none when it is no task or they are unknown. */
export function taskContainerDrafts(draft: Draft): DraftField[] {
  return draft.type === TASK_DEFINITION ? draft.get("containerDefinitions").json().items() : [];
}
