import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { valueFor } from "../workloads/by-system.ts";
import { sizeOf } from "../workloads/instance-types.ts";

interface Minimum {
  vcpu: number;
  memoryGiB: number;
}

interface Parameters {
  minVersion: string;
  minNodes: BySystem<number>;
  node: BySystem<Minimum>;
}

const CLUSTER = "aws:eks/cluster:Cluster";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";

/** A cluster that the program makes is current and large enough; one that exists already is inspected before the start. */
export const clusterBaseline = definePolicy<Parameters>({
  id: "POL-CLUSTER-BASELINE",
  title: "Cluster version, node count and node size",
  severity: "medium",
  level: "mandatory",
  targets: ["aws"],
  controls: { pci: ["6.3.3"], soc2: ["A1.1", "CC7.1"] },
  requirements: ["EB-SEC-09", "AR-SEC-01"],
  remediation: "Raise the version of the cluster, the number of its nodes or their type.",
  parameters: {
    minVersion: {
      type: "string",
      pattern: "^\\d+\\.\\d+$",
      description: "Oldest version of Kubernetes.",
      default: "1.25",
    },
    minNodes: {
      type: "object",
      additionalProperties: { type: "integer", minimum: 1 },
      description: "Nodes by system; default holds for all others.",
      default: { default: 3, "ecommerce-bot": 3, archesai: 3 },
    },
    node: {
      type: "object",
      additionalProperties: {
        type: "object",
        properties: { vcpu: { type: "number" }, memoryGiB: { type: "number" } },
        required: ["vcpu", "memoryGiB"],
      },
      description: "Least size of a node by system.",
      default: { archesai: { vcpu: 4, memoryGiB: 8 } },
    },
  },
  check(check, resource, { minVersion, minNodes, node }) {
    const { type, properties } = resource;
    if (type === CLUSTER || type === NODE_GROUP) {
      // Without a version, AWS takes its newest one.
      check.expect(properties.get("version"), (value) => value === undefined || isAtLeast(textOf(value), minVersion), {
        expected: `${minVersion} or newer`,
      });
    }
    if (type === NODE_GROUP) {
      checkCount(check, properties, valueFor(minNodes, resource) ?? 0);
      const least = valueFor(node, resource);
      if (least !== undefined) {
        checkSize(check, resource, least);
      }
    }
  },
});

function isAtLeast(version: string, minimum: string): boolean {
  return /^\d+\.\d+/.test(version) && version.localeCompare(minimum, "en", { numeric: true }) >= 0;
}

/** The number wanted now, and the one that an autoscaler may go down to. */
function checkCount(check: Check, properties: Field, wanted: number): void {
  for (const key of ["desiredSize", "minSize"]) {
    check.expect(properties.get("scalingConfig", key), (value) => Number(value) >= wanted, {
      expected: `${wanted} or more`,
    });
  }
}

function checkSize(check: Check, { properties }: Resource, { vcpu, memoryGiB }: Minimum): void {
  const types = properties.get("instanceTypes");
  const expected = `${vcpu} vCPU and ${memoryGiB} GiB or more`;
  if (types.absent && properties.get("launchTemplate").absent) {
    check.object(types, { found: "nothing, which is t3.medium", expected });
  }
  for (const type of check.items(types)) {
    check.expect(
      type,
      (value) => {
        const size = sizeOf(textOf(value));
        return size !== undefined && size.vcpu >= vcpu && size.memoryGiB >= memoryGiB;
      },
      { expected },
    );
  }
}
