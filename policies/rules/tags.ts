import { isRecord, textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";

interface Parameters {
  tags: string[];
  labels: string[];
  dataTags: string[];
}

const PROVIDER = "pulumi:providers:aws";
const PART_OF = "app.kubernetes.io/part-of";

/** What holds data of users. */
const DATA =
  /^aws:(?:rds\/(?:instance|cluster)|docdb\/cluster|elasticache\/replicationGroup|efs\/fileSystem|ebs\/volume|s3\/bucket|s3\/bucketV2|sqs\/queue|dynamodb\/table):(?:Instance|Cluster|ReplicationGroup|FileSystem|Volume|Bucket|BucketV2|Queue|Table)$/;

/** Kubernetes resources whose labels people and selectors go by. */
const LABELLED =
  /^kubernetes:(?:core\/v1:(?:Namespace|Service|Pod|PersistentVolumeClaim)|apps\/v1:(?:Deployment|StatefulSet|DaemonSet)|batch\/v1:(?:Job|CronJob))$/;

/** Whose a resource is, and for which stage, so that backups, costs and people find it. */
export const tags = definePolicy<Parameters>({
  id: "POL-TAGS",
  title: "Resources tagged",
  severity: "low",
  level: "advisory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["CC6.1"] },
  requirements: ["WS-SEC-19"],
  remediation: "Give the provider default tags, and the resource tags and labels of its own.",
  parameters: {
    tags: {
      type: "array",
      items: { type: "string" },
      description: "Tags of every resource of AWS, its provider's included.",
      default: ["system", "environment", "owner"],
    },
    labels: {
      type: "array",
      items: { type: "string" },
      description: "Labels of workloads, services, claims and namespaces.",
      default: [PART_OF, "environment", "owner"],
    },
    dataTags: {
      type: "array",
      items: { type: "string" },
      description: "Further tags of what holds data, such as data-class and compliance.",
      default: [],
    },
  },
  checkStack(stack, parameters) {
    const defaults = providerTags(stack);
    for (const resource of stack.resources) {
      if (resource.type.startsWith("aws:") && isTagged(resource)) {
        const wanted = [...parameters.tags, ...(DATA.test(resource.type) ? parameters.dataTags : [])];
        const own = ["tagsAll", "tags"].map((key) => resource.properties.get(key));
        expectTags(
          stack,
          resource,
          own,
          wanted.filter((key) => !defaults.has(key)),
        );
      } else if (LABELLED.test(resource.type)) {
        expectTags(stack, resource, [resource.properties.get("metadata", "labels")], parameters.labels);
      }
    }
  },
});

/** Which types have tags is known by those that say so, and by those that hold data. */
function isTagged({ type, properties }: StackResource): boolean {
  return DATA.test(type) || ["tags", "tagsAll"].some((key) => !properties.get(key).absent);
}

/** The tags that every provider of the stack gives its resources. */
function providerTags(stack: Stack): ReadonlySet<string> {
  const sets = stack.index.ofType(PROVIDER).map(({ properties }) => {
    const defaults = properties.get("defaultTags");
    const value = typeof defaults.value === "string" ? parse(defaults.value) : defaults.value;
    const own = isRecord(value) ? value["tags"] : undefined;
    return new Set(isRecord(own) ? Object.keys(own).filter((key) => textOf(own[key]) !== "") : []);
  });
  const [first = new Set<string>(), ...others] = sets;
  return new Set([...first].filter((key) => others.every((set) => set.has(key))));
}

function expectTags(stack: Stack, resource: StackResource, maps: readonly Field[], wanted: readonly string[]): void {
  const check = stack.check(resource);
  const known = maps.filter((map) => wanted.length > 0 && check.known(map));
  if (known.length < maps.length) {
    return;
  }
  for (const key of wanted) {
    const places = maps.map((map) => map.get(key));
    const place = places.at(-1);
    if (place && places.every((one) => check.known(one) && textOf(one.value) === "")) {
      check.object(place, { expected: `a value for ${key}` });
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
