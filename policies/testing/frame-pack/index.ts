import { PolicyPack } from "@pulumi/policy";
import { onConfigure } from "../../configure-request.ts";
import { definePolicy, type PolicyDefinition } from "../../frame/policy.ts";
import { ServedPack } from "../../frame/serve.ts";

const common = {
  severity: "low",
  level: "mandatory",
  targets: ["aws"],
  controls: {},
  requirements: [],
  remediation: "Set it.",
} satisfies Partial<PolicyDefinition<object>>;

/** Policies as small as can be, each of which shows one thing that the frame does. */
const policies = [
  definePolicy({
    ...common,
    id: "POL-FAILS",
    title: "Fails where the resource says so",
    check: (_, resource) => {
      if (resource.properties.get("fail").value === true) {
        throw new TypeError("a mistake in the rule");
      }
    },
  }),
  definePolicy<{ size: number }>({
    ...common,
    id: "POL-SIZE",
    title: "Sizes are set",
    parameters: { size: { type: "number", description: "The size.", default: 3 } },
    check: (check, resource, { size }) =>
      check.expect(resource.properties.get("config", "size"), (value) => value === size, { expected: `${size}` }),
    remediate: (draft, { size }) => draft.get("config", "size").set(size),
  }),
  definePolicy({
    ...common,
    id: "POL-SYSTEM",
    title: "Says which system and stage it is",
    level: "advisory",
    check: (check, { properties, settings }) =>
      check.object(properties, { expected: "words", found: `${settings?.system} in ${settings?.environment}` }),
  }),
  definePolicy({
    ...common,
    id: "POL-TAGS",
    title: "Documents are versioned",
    check: () => undefined,
    remediate: (draft) => {
      if (draft.get("document").json().get("kind").value === "list") {
        draft.get("document").json().get("version").set(2);
      }
    },
  }),
  definePolicy({
    ...common,
    id: "POL-WHOLE",
    title: "The stack has no resource called alone",
    checkStack: (stack) =>
      stack.index.named("alone").forEach((resource) => {
        stack.check(resource).object(resource.properties, { expected: "company", found: "nobody" });
      }),
  }),
];

const pack = new ServedPack(policies, () => new Date("2026-06-01T12:00:00Z"));
onConfigure((settings) => pack.configure(settings));

new PolicyPack("frame-pack", { policies: pack.policies });
