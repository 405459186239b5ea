import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ensureEngine } from "../pulumi/index.ts";
import { throwawayCertificate } from "../sealing-certificate.ts";
import { copyCheckout, type Checkout } from "./testing/checkout.ts";
import { itRefuses } from "./testing/refusal.ts";

let checkout: Checkout;
const theCheckout = () => checkout;

describe("Something wrong", () => {
  before(async function () {
    this.timeout(20 * 60_000);
    await ensureEngine();
    checkout = await copyCheckout();
  });
  after(() => checkout.remove());

  describe("The command line", () => {
    const one = (command: string, what: string, says: RegExp) => ({ command, what, says: [says] });
    itRefuses(theCheckout, [
      one(
        "start --stak dev",
        "a misspelled option",
        /^--stak: unknown option '--stak'; the options are --stack NAME, --context NAME\.$/,
      ),
      one(
        "start --context",
        "an option without its value",
        /^--context: option .* argument missing; the options are --stack NAME, --context NAME\.$/,
      ),
      one("start dev", "a word that is no option", /^dev: unexpected argument 'dev'; the options are --stack NAME/),
      one(
        "preview --system wordstore",
        "an unknown system",
        /^--system: "wordstore" is not allowed; allowed are worldstore/,
      ),
      one(
        "preview --target lambda",
        "an unknown target",
        /^--target: "lambda" is not allowed; allowed are kubernetes, ecs\.$/,
      ),
      one(
        "preview --profile huge",
        "an unknown profile",
        /^--profile: "huge" is not allowed; allowed are dev, staging, production\.$/,
      ),
      one(
        "preview --json=true",
        "a flag with a value",
        /^--json: option '--json' does not take an argument; the options are --stack NAME/,
      ),
      one(
        "down --forced",
        "an unknown option of down",
        /^--forced: unknown option '--forced'; the options are --stack NAME, --force\.$/,
      ),
      one(
        "outputs --show-secret",
        "an unknown option of outputs",
        /^--show-secret: unknown option .*; the options are --stack NAME, --json, --show-secrets\.$/,
      ),
      one(
        "policy --every",
        "an unknown option of policy",
        /^--every: unknown option .*; the options are --stack NAME, --all, --file STATE, .*--schema\.$/,
      ),
      one("refresh -s dev", "a short option", /^-s: unknown option '-s'; the options are --stack NAME\.$/),
      one("bench --jsno", "an unknown option of bench", /^--jsno: unknown option .*; the options are --json\.$/),
      one("render", "a rendering to nowhere", /^--out: it is required; name the folder to write to\.$/),
      one(
        "cluster destroy",
        "an unknown action on the cluster",
        /^destroy: there is no such action; use: npm run cluster -- start \| status \| stop \| delete \| logs COMPONENT\.$/,
      ),
      one(
        "cluster logs kubelt",
        "the log of an unknown component",
        /^kubelt: names no component; the components are etcd, .*kubelet\.$/,
      ),
      one("cluster logs etcd", "a log before the first start", /^etcd: has no log yet; start the cluster first\.$/),
      one(
        "test units",
        "an unknown group of tests",
        /^units: there is no such group and no such test file; the groups are types, lint/,
      ),
      {
        command: "pulumi nonsense",
        what: "an unknown command of the CLI",
        says: [/^error: unknown command "nonsense" for "pulumi"$/, /^Run 'pulumi --help' for usage\.$/],
      },
    ]);
  });

  describe("The name of a stack", () => {
    const unknown =
      /^--stack nope: there is no Pulumi\.nope\.yaml; the stacks are dev.*\. Write that file to add one\.$/;
    const commands = ["start", "preview", "refresh", "down", "outputs", "policy", "render --out rendered"];
    const neverStarted = /^--stack dev: the stack has never been started here; `npm start -- --stack dev` does that\.$/;
    itRefuses(theCheckout, [
      ...commands.map((command) => ({
        command: `${command} --stack nope`,
        what: `${command} of a stack that nobody wrote`,
        says: [unknown],
      })),
      ...["refresh", "down", "outputs"].map((command) => ({
        command,
        what: `${command} of a stack that was never started`,
        says: [neverStarted],
      })),
      {
        command: "render --out rendered",
        what: "to render secrets that were never made",
        says: [/^dev: its secrets are made when it is first started.*; run `npm start -- --stack dev` once\.$/],
      },
      {
        command: "preview --stack ../dev",
        what: "a name that leads out of the checkout",
        says: [/^--stack \.\.\/dev: there is no Pulumi.*the stacks are dev/],
      },
    ]);
  });

  describe("A cluster of one's own", () => {
    const unreachable =
      /^context faraway: The cluster of context "faraway" at https:\/\/127\.0\.0\.1:9 cannot be reached: .*ECONNREFUSED.*; start it, or name another one in/;
    const kubeconfig =
      (file: string) =>
      ({ directory }: Checkout) => ({ KUBECONFIG: join(directory, file) });

    before(async () => {
      const images = ["agent", "payment-server", "postgres", "redis", "prometheus", "alertmanager"];
      const references = images.map((name) => `    ${name}: registry.example/${name}:1\n`).join("");
      const certificate = (await throwawayCertificate()).replace(/^/gm, "    ");
      const dev = await readFile(join(checkout.directory, "Pulumi.dev.yaml"), "utf8");
      const more = `  agent-commerce:images:\n${references}  agent-commerce:sealingCertificate: |\n${certificate}\n`;
      await checkout.write("Pulumi.faraway.yaml", dev + more);
      // Nothing listens on the discard port.
      const cluster = { name: "faraway", cluster: { server: "https://127.0.0.1:9" } };
      const context = { name: "faraway", context: { cluster: "faraway", user: "faraway" } };
      const config = { apiVersion: "v1", kind: "Config", clusters: [cluster], contexts: [context] };
      await checkout.write("faraway.yaml", JSON.stringify({ ...config, users: [{ name: "faraway", user: {} }] }));
      await checkout.write("text.yaml", "just a text");
    });

    const start = "start --stack faraway --context";
    itRefuses(theCheckout, [
      {
        command: `${start} faraway`,
        env: kubeconfig("faraway.yaml"),
        what: "one that nobody reaches",
        says: [unreachable],
      },
      {
        command: `${start} nearby`,
        env: kubeconfig("faraway.yaml"),
        what: "one that the kubeconfig does not name",
        says: [/^context nearby: The kubeconfig \S+faraway\.yaml has no context "nearby"; it has: faraway\.$/],
      },
      {
        command: `${start} faraway`,
        env: kubeconfig("missing.yaml"),
        what: "a kubeconfig that does not exist",
        says: [
          /^context faraway: The kubeconfig \S+missing\.yaml does not exist; start the cluster, or give the provider a `kubeconfig`\.$/,
        ],
      },
      {
        command: `${start} faraway`,
        env: kubeconfig("text.yaml"),
        what: "a kubeconfig that is none",
        says: [
          /^context faraway: The kubeconfig \S+text\.yaml is neither YAML nor JSON of the kind Config; write it again with your cluster's tool\.$/,
        ],
      },
    ]);
  });

  describe("A machine without Go and without the built engine", () => {
    const bare = ({ directory, cache }: Checkout) => ({
      PATH: join(directory, "no-such-folder"),
      AGENT_COMMERCE_CACHE: join(cache, "empty"),
    });
    const says = [
      /^go: Go 1\.\d+(\.\d+)? or newer is needed on PATH to build pulumi, but .*; install it, or name your own cluster with --context\.$/,
    ];
    itRefuses(theCheckout, [
      { command: "preview", env: bare, what: "to plan", says },
      { command: "outputs", env: bare, what: "to show outputs", says },
      { command: "pulumi stack ls", env: bare, what: "to run the CLI", says },
    ]);
  });

  describe("The place of the state", () => {
    const at = (url: string) => () => ({ PULUMI_BACKEND_URL: url });
    itRefuses(theCheckout, [
      {
        command: "outputs",
        env: at("nonsense"),
        what: "one that is no place",
        says: [
          /^pulumi stack export: PULUMI_BACKEND_URL names a Pulumi service, which asks for PULUMI_ACCESS_TOKEN; set that, or set PULUMI_BACKEND_URL/,
        ],
      },
      {
        command: "refresh",
        env: at("file://relative/folder"),
        what: "a folder that does not exist",
        says: [
          /^pulumi stack export: the state cannot be kept in file:\/\/relative\/folder; set PULUMI_BACKEND_URL to a place that exists/,
        ],
      },
    ]);
  });
});
