import type { Problem } from "../infra/errors.ts";
import { project, type StackConfig } from "./config.ts";

/** What is missing or does not fit together in the settings for AWS. */
export function awsProblems({ target, datastoreMode, aws }: StackConfig): Problem[] {
  const problems: Problem[] = [];
  if (target === "ecs" && datastoreMode === "incluster") {
    problems.push({
      where: `${project}:datastoreMode`,
      message: "stores in a cluster are not supported on ecs; set it to managed.",
    });
  }
  if (aws === undefined && (target === "ecs" || datastoreMode === "managed")) {
    const what = target === "ecs" ? "on ecs" : "for managed stores";
    problems.push({
      where: `${project}:aws`,
      message: `it is required ${what}. Set at least region, accountId, hostedZoneId and alertRecipients, as docs/04-aws-ecs.md shows.`,
    });
  }
  const foreign = aws?.zones?.filter((zone) => !zone.startsWith(aws.region)) ?? [];
  problems.push(
    ...foreign.map((zone) => ({
      where: `${project}:aws.zones`,
      message: `"${zone}" is not a zone of ${aws?.region ?? ""}; name zones of the region.`,
    })),
  );
  const { zones, existingNetwork } = aws ?? {};
  if (existingNetwork !== undefined) {
    const { publicSubnetIds, privateSubnetIds, dataSubnetIds } = existingNetwork;
    for (const [name, ids] of Object.entries({ publicSubnetIds, privateSubnetIds, dataSubnetIds })) {
      if (zones === undefined || ids.length !== zones.length) {
        problems.push({
          where: `${project}:aws.existingNetwork.${name}`,
          message: "it must have one subnet for each of aws.zones, in their order; name the zones as well.",
        });
      }
    }
  }
  return problems;
}
