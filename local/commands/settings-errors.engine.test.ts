import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ensureEngine } from "../pulumi/index.ts";
import { copyCheckout, type Checkout } from "./testing/checkout.ts";
import { itRefuses } from "./testing/refusal.ts";

let checkout: Checkout;
const theCheckout = () => checkout;

describe("What a stack says wrong", () => {
  before(async function () {
    this.timeout(20 * 60_000);
    await ensureEngine();
    checkout = await copyCheckout();
  });
  after(() => checkout.remove());

  describe("The settings of a stack", () => {
    const wrong: [setting: string, says: RegExp][] = [
      ["system: wordstore", /^agent-commerce:system: "wordstore" is not allowed; allowed are worldstore/],
      ["target: lambda", /^agent-commerce:target: "lambda" is not allowed; allowed are kubernetes, ecs\.$/],
      ["profile: huge", /^agent-commerce:profile: "huge" is not allowed; allowed are dev, staging, production\.$/],
      [
        "namespace: World_Store",
        /^agent-commerce:namespace: "World_Store" is not allowed; use at most 63 lower-case letters/,
      ],
      [
        'kubeconfig: ""',
        /^agent-commerce:kubeconfig: "" is not allowed; give a path or the content of a kubeconfig\.$/,
      ],
      [
        "images: { agent: A B }",
        /^agent-commerce:images\.agent: "A B" is not allowed; write it like registry\/name:tag/,
      ],
      [
        "externalSecrets: sk-ant-1",
        /^agent-commerce:externalSecrets: it is not structured; set it with `pulumi config set --path/,
      ],
      [
        "sealingCertificate: none",
        /^agent-commerce:sealingCertificate: "none" is not allowed; give the PEM text that `kubeseal/,
      ],
      [
        "datastoreMode: hybrid",
        /^agent-commerce:datastoreMode: "hybrid" is not allowed; allowed are incluster, managed\.$/,
      ],
      ['storageClass: ""', /^agent-commerce:storageClass: "" is not allowed; name a storage class of the cluster\.$/],
      ["agentMode: clustered", /^agent-commerce:agentMode: "clustered" is not allowed; allowed are single, sharded\.$/],
      [
        "walletMode: paper",
        /^agent-commerce:walletMode: "paper" is not allowed; allowed are self-managed, crossmint\.$/,
      ],
      ["owner: Some One", /^agent-commerce:owner: "Some One" is not allowed; use at most 63 lower-case letters/],
      ["colour: red", /^agent-commerce:colour: there is no such setting; remove it\. The settings are agentMode, /],
      [
        "omissions: [{ feature: all, reason: short, expires: soon }]",
        /^agent-commerce:omissions\.0\.feature: "all" is not allowed; allowed are public-endpoints, /,
      ],
    ];
    const ofOmission = [
      /^agent-commerce:omissions\.0\.reason: "short" is not allowed; give a reason of at least 10 characters\.$/,
      /^agent-commerce:omissions\.0\.expires: "soon" is not allowed; write the day as YYYY-MM-DD\.$/,
    ];
    const all = [...wrong.map(([, says]) => says), ...ofOmission];
    const required = (name: string) =>
      new RegExp(
        `^agent-commerce:${name}: it is required; allowed are .*\\. Set it with \`pulumi config set ${name} VALUE\`\\.$`,
      );

    before(async () => {
      const settings = (lines: readonly string[]) =>
        `config:\n${lines.map((line) => `  agent-commerce:${line}\n`).join("")}`;
      await checkout.write("Pulumi.wrong.yaml", settings(wrong.map(([setting]) => setting)));
      await checkout.write("Pulumi.empty.yaml", "config: {}\n");
      await checkout.write("Pulumi.broken.yaml", "config:\n  a: [\n");
      await checkout.write("Pulumi.twice.yaml", settings(["system: worldstore", "system: worldstore"]));
      await checkout.write("Pulumi.text.yaml", "config: system\n");
      const staging = ["system: worldstore", "target: kubernetes", "profile: staging", "datastoreMode: incluster"];
      await checkout.write("Pulumi.staging.yaml", settings([...staging, "context: faraway"]));
      const omission = "{ feature: jobs, reason: It was only meant for a while., expires: 2020-01-01 }";
      const secrets = "externalSecrets: { ANTHROPIC_API_KEY: wrong-form, STRIPE_KEY: unknown }";
      await checkout.write(
        "Pulumi.late.yaml",
        settings([...staging.with(2, "profile: production"), secrets, `omissions: [${omission}]`]),
      );
    });

    const missingSecret = (profile: string, name: string) =>
      new RegExp(
        `^agent-commerce:externalSecrets\\.${name}: it is required in the ${profile} profile\\. Set it with \`pulumi config set --secret --path externalSecrets\\.${name}\`\\.$`,
      );
    const host = /^agent-commerce:hosts\.payment: it is required\. Set it to the host name of the public endpoint: /;
    const ingress = ["ingressClass", "ingressNamespace", "certificateIssuer"].map(
      (name) => new RegExp(`^agent-commerce:${name}: it is required on kubernetes for the public endpoint payment\\. `),
    );
    const images = ["agent", "alertmanager", "payment-server", "postgres", "prometheus", "redis"];
    itRefuses(theCheckout, [
      { command: "start --stack wrong", what: `to start with ${all.length} mistakes, each by its key`, says: all },
      { command: "preview --stack wrong", what: `to plan with ${all.length} mistakes, each by its key`, says: all },
      { command: "policy --stack wrong", what: `to judge with ${all.length} mistakes, each by its key`, says: all },
      {
        command: "start --stack empty",
        what: "a file that says nothing",
        says: ["system", "target", "profile"].map(required),
      },
      {
        command: "start --stack broken",
        what: "a file that is not YAML",
        says: [/Pulumi\.broken\.yaml: it is not YAML: .*; correct line \d+\.$/],
      },
      {
        command: "start --stack twice",
        what: "a key that stands there twice",
        says: [/Pulumi\.twice\.yaml: it is not YAML: duplicated mapping key; correct line 3\.$/],
      },
      {
        command: "start --stack text",
        what: "settings that are a text",
        says: [
          /Pulumi\.text\.yaml: it must be a mapping whose key `config` is a mapping of settings; write it like Pulumi\.dev\.yaml\.$/,
        ],
      },
      {
        command: "start --stack staging",
        what: "a cluster of one's own without its images, secrets and certificate",
        says: [
          ...images.map(
            (name) =>
              new RegExp(
                `^agent-commerce:images\\.${name}: it is required\\. Set it with \`pulumi config set --path images\\.${name} registry/name:tag\`\\.$`,
              ),
          ),
          ...["ANTHROPIC_API_KEY", "WALLET_KEY_0", "CROSSMINT_API_KEY", "SERPAPI_API_KEY"].map((name) =>
            missingSecret("staging", name),
          ),
          host,
          ...ingress,
          /^agent-commerce:sealingCertificate: it is required on kubernetes\. Set it to the text that `kubeseal --fetch-cert` prints/,
        ],
      },
      {
        command: "start --stack late",
        what: "unknown, malformed and missing secrets, and an omission in production that has ended",
        says: [
          /^agent-commerce:externalSecrets\.STRIPE_KEY: the system has no such secret; remove it\. It has /,
          /^agent-commerce:externalSecrets\.ANTHROPIC_API_KEY: the value does not look like .*; set the right one\.$/,
          ...["WALLET_KEY_0", "CROSSMINT_API_KEY", "SERPAPI_API_KEY"].map((name) => missingSecret("production", name)),
          /^agent-commerce:omissions\[0\]: leaving out jobs was allowed until 2020-01-01; provide it, or set a later day with a reason\.$/,
          /^agent-commerce:omissions\[0\]: jobs cannot be left out in the production profile; remove the omission\.$/,
          host,
          ...ingress,
        ],
      },
    ]);
  });

  describe("What a target can do", () => {
    const inCluster = ["audit", "backups"].map(
      (store) =>
        new RegExp(
          `^stores\\.${store}: an object store in the cluster is not supported on kubernetes: set datastoreMode to managed, name "object-stores" in the omissions setting with a reason and an end, or deploy to ecs\\.$`,
        ),
    );
    const needed = ["hosts.payment", "ingressClass", "ingressNamespace", "certificateIssuer"].map(
      (name) => new RegExp(`^agent-commerce:${name.replace(".", "\\.")}: it is required`),
    );
    const onEcs = [
      /^agent-commerce:datastoreMode: stores in a cluster are not supported on ecs; set it to managed\.$/,
      /^agent-commerce:aws: it is required on ecs\. Set at least region, accountId, hostedZoneId and alertRecipients/,
    ];
    const imagesOnEcs = ["agent", "collector", "log-router", "payment-server"].map(
      (name) => new RegExp(`^agent-commerce:images\\.${name}: it is required\\. `),
    );
    const noPlan = (stack: string) => new RegExp(`^preview of ${stack}: no plan could be made:$`);

    before(async () => {
      const dev = await readFile(join(checkout.directory, "Pulumi.dev.yaml"), "utf8");
      const whole = dev.replace(/ +agent-commerce:omissions:[\s\S]*/, "");
      const reached = ["hosts: { payment: pay.shop.example }", "ingressClass: traefik", "ingressNamespace: traefik"];
      const settings = [...reached, "certificateIssuer: letsencrypt"].map((line) => `  agent-commerce:${line}\n`);
      await checkout.write("Pulumi.whole.yaml", whole);
      await checkout.write("Pulumi.reached.yaml", whole + settings.join(""));
      await checkout.write("Pulumi.cloud.yaml", dev.replace("target: kubernetes", "target: ecs"));
    });

    itRefuses(theCheckout, [
      { command: "start --stack whole", what: "a public endpoint that nobody could reach", says: needed },
      { command: "start --stack reached", what: "to leave out anything silently", says: inCluster },
      {
        command: "preview --stack reached",
        what: "to plan while leaving out anything silently",
        says: [noPlan("reached"), ...inCluster],
      },
      { command: "start --stack cloud", what: "a target without what it needs", says: [...imagesOnEcs, ...onEcs] },
      {
        command: "preview --target ecs",
        what: "to plan for a target without what it needs",
        says: [noPlan("dev"), ...onEcs],
      },
    ]);
  });

  describe("A specification", () => {
    let other: Checkout;
    const changes: [from: string, to: string, says: RegExp][] = [
      [
        'memory: "512 MiB"',
        'memory: "512Mi"',
        /^services\.worldstore-agent\.resources\.limits\.memory: "512Mi" .*write it like "512 MiB"/,
      ],
      [
        'cpu: "0.15 vCPU"',
        'cpu: "150m"',
        /^services\.worldstore-server\.resources\.requests\.cpu: "150m" .*write it like "0\.5 vCPU"/,
      ],
      [
        "minimum: 2, maximum: 6",
        "minimum: 8, maximum: 6",
        /^services\.worldstore-server\.scaling: .*1 <= minimum <= maximum/,
      ],
      [
        '{ secret: "SERPAPI_API_KEY" }',
        '{ secret: "SERP" }',
        /^services\.worldstore-agent\.variables\.SERPAPI_API_KEY: .*"SERP" is not declared; declared are /,
      ],
      [
        'liveness: { path: "/live" }',
        'liveness: { path: "live" }',
        /^services\.[a-z-]+\.probes\.liveness\.path: .*must start with "\/"/,
      ],
      ['hosts: ["serpapi.com"]', 'hosts: ["https://serpapi.com"]', /^outside\.serpapi\.hosts: .*not a host name/],
      [
        'error: "30 d"',
        'error: "a month"',
        /^logRetention\.error: "a month" is not a length of time; write a number and ms, s, min, h or d/,
      ],
    ];
    const follows =
      /^secrets\.SERPAPI_API_KEY: no service or job uses this secret; remove it or name it in a variable\.$/;
    const says = [...changes.map(([, , sentence]) => sentence), follows];

    before(async () => {
      other = await copyCheckout();
      await other.edit("stacks/worldstore.ts", (text) =>
        changes.reduce((changed, [from, to]) => changed.replace(from, to), text),
      );
    });
    after(() => other.remove());

    itRefuses(
      () => other,
      [
        { command: "start", what: `to start with ${changes.length} mistakes in it`, says },
        {
          command: "preview",
          what: `to plan with ${changes.length} mistakes in it`,
          says: [/^preview of dev: no plan could be made:$/, ...says],
        },
      ],
    );
  });
});
