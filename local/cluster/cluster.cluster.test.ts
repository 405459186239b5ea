import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";

import { componentNames } from "./components.ts";
import { isAlive } from "./identity.ts";
import { clusterStatus, startCluster, type Cluster } from "./index.ts";
import { runningProcess } from "./process.ts";
import { clusterName } from "./settings.ts";
import { killContainers } from "./testing/containers.ts";
import { echoImage, echoPod, echoService } from "./testing/echo.ts";
import { eventually, Kubectl } from "./testing/kubectl.ts";
import { seal } from "./testing/seal.ts";

describe("the local Kubernetes cluster", function () {
  this.timeout(1_800_000);
  const kubectl = new Kubectl(`cluster-test-${randomBytes(3).toString("hex")}`);
  let cluster: Cluster;
  let image: string;

  before(async function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
      console.log("    skipped: the local cluster needs Linux and root");
      this.skip();
    }
    cluster = await startCluster();
    image = await echoImage();
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await kubectl.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: kubectl.namespace, labels } });
    await kubectl.create(echoPod("echo", image), echoService("echo"));
    await kubectl.ready("echo-pod");
    await eventually("the service answers", async () => (await ask("/health")).status === 200);
  });

  after(async () => {
    await kubectl.try(["delete", "namespace", kubectl.namespace, "--ignore-not-found", "--timeout=60s"]);
  });

  /** Asks a pod through its service address. */
  const ask = async (path: string, init?: RequestInit, service = "echo") => {
    const address = await kubectl.field(`service/${service}`, "{.spec.clusterIP}");
    const answer = await fetch(`http://${address}${path}`, { signal: AbortSignal.timeout(5_000), ...init });
    return { status: answer.status, text: await answer.text() };
  };

  it("has one ready node and keeps the administrator's kubeconfig to its owner", async () => {
    assert.equal(await kubectl.field("nodes", "{.items[*].metadata.name}"), clusterName);
    assert.ok((await clusterStatus()).every(({ state }) => state === "running"));
    assert.equal((await stat(cluster.kubeconfig)).mode & 0o777, 0o600);
  });

  it("answers on a service address from this machine, and shows a pod's log", async () => {
    assert.deepEqual(await ask("/health"), { status: 200, text: "ok" });
    assert.equal((await kubectl.try(["logs", "echo-pod"])).code, 0);
  });

  it("resolves a service's short name inside a pod to its service address", async () => {
    const address = await kubectl.field("service/echo", "{.spec.clusterIP}");
    assert.deepEqual(await ask("/lookup?name=echo"), { status: 200, text: address });
  });

  it("lets a pod reach another pod by service name, itself included, and the API server", async () => {
    await kubectl.create(echoPod("other", image), echoService("other"));
    await kubectl.ready("other-pod");
    for (const address of ["other:80", "echo:80", "kubernetes.default:443"]) {
      await eventually(
        `${address} is reached`,
        async () => (await ask(`/connect?address=${address}`)).text === "connected",
        10,
      );
    }
  });

  it("keeps a volume's content when its pod is replaced, and hands it to the pod's group", async () => {
    const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Mi" } } };
    await kubectl.create(
      { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "kept" }, spec: claim },
      echoPod("keeper", image, { claim: "kept" }),
      echoService("keeper"),
    );
    await kubectl.ready("keeper-pod");
    const path = "/file?path=/data/note";
    await eventually(
      "the pod writes",
      async () => (await ask(path, { method: "PUT", body: "kept" }, "keeper")).status === 200,
    );
    await kubectl.do(["delete", "pod", "keeper-pod"]);
    await kubectl.create(echoPod("keeper", image, { claim: "kept" }));
    await kubectl.ready("keeper-pod");
    await eventually("the note is there", async () => (await ask(path, {}, "keeper")).text === "kept");
    assert.equal(await kubectl.field("pvc/kept", "{.status.phase}"), "Bound");
  });

  it("unseals a secret sealed against the certificate, and refuses it under another name", async () => {
    const sealed = (name: string, sealedFor: string) => ({
      apiVersion: "bitnami.com/v1alpha1",
      kind: "SealedSecret",
      metadata: { name },
      spec: { encryptedData: { token: seal(cluster.sealingCertificate, kubectl.namespace, sealedFor, "open sesame") } },
    });
    await kubectl.create(sealed("right", "right"), sealed("wrong", "right"));
    await eventually("the secret is unsealed", async () => {
      const token = await kubectl.field("secret/right", "{.data.token}");
      return Buffer.from(token, "base64").toString() === "open sesame";
    });
    await eventually("the controller reports the mismatch", async () => {
      const status = await kubectl.field("sealedsecret/wrong", "{.status.conditions[?(@.type=='Synced')].status}");
      return status === "False";
    });
    assert.notEqual((await kubectl.try(["get", "secret/wrong"])).code, 0);
  });

  it("refuses a root pod in a restricted namespace", async () => {
    const pod = { name: "root", image, securityContext: { runAsUser: 0 } };
    const { code, output } = await kubectl.try(["create", "-f", "-"], {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "root" },
      spec: { containers: [pod] },
    });
    assert.notEqual(code, 0);
    assert.match(output, /violates PodSecurity "restricted/);
  });

  it("enforces network policies: nobody reaches an isolated pod until a policy allows it", async () => {
    await kubectl.create(
      echoPod("closed", image),
      echoPod("caller", image),
      echoService("closed"),
      echoService("caller"),
    );
    await kubectl.ready("closed-pod", "caller-pod");
    const call = async () => (await ask("/connect?address=closed:80", {}, "caller")).text;
    await eventually("the pod is open at first", async () => (await call()) === "connected");
    const isolate = (name: string, ingress: object[]) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name },
      spec: { podSelector: { matchLabels: { app: "closed" } }, policyTypes: ["Ingress"], ingress },
    });
    await kubectl.create(isolate("deny", []));
    await eventually("the pod is closed", async () => /timeout/.test(await call()));
    await kubectl.create(
      isolate("elsewhere", [{ from: [{ podSelector: { matchLabels: { app: "caller" } } }], ports: [{ port: 9 }] }]),
    );
    assert.match(await call(), /timeout/);
    await kubectl.create(
      isolate("allow", [{ from: [{ podSelector: { matchLabels: { app: "caller" } } }], ports: [{ port: 8080 }] }]),
    );
    await eventually("the caller is let in", async () => (await call()) === "connected");
  });

  it("changes nothing and answers within a second when all is well", async () => {
    const before = await clusterStatus();
    const started = performance.now();
    await startCluster();
    const elapsed = performance.now() - started;
    const pids = (all: typeof before) => all.map(({ name, pid }) => [name, pid]);
    assert.deepEqual(pids(await clusterStatus()), pids(before));
    assert.ok(elapsed < 1_000, `${elapsed.toFixed(0)} ms`);
  });

  const kill = async (names: readonly string[]) => {
    for (const name of names) {
      const running = await runningProcess(name);
      assert.ok(running, `${name} runs`);
      process.kill(running.pid, "SIGKILL");
      await eventually(`${name} is dead`, async () => !(await isAlive(running)));
    }
  };
  const isWhole = async () => {
    assert.ok((await clusterStatus()).every(({ state }) => state === "running"));
    await kubectl.ready("echo-pod");
    await eventually("the service answers", async () => (await ask("/health")).text === "ok", 10);
    await eventually("names resolve", async () => (await ask("/lookup?name=echo")).status === 200, 10);
  };

  for (const victims of [
    ["kubelet"],
    ["network-policy"],
    ["containerd"],
    ["apiserver", "etcd"],
    componentNames,
  ] as const) {
    const who = victims === componentNames ? "every component" : victims.join(" and ");
    it(`recovers after the end of ${who} by SIGKILL`, async () => {
      await kill(victims);
      await startCluster();
      await isWhole();
    });
  }

  it("starts pods again after every component and every container was killed at once", async () => {
    await kill(componentNames);
    assert.ok((await killContainers()) > 3);
    await startCluster();
    await eventually("the pod was started again", async () => {
      return Number(await kubectl.field("pod/echo-pod", "{.status.containerStatuses[0].restartCount}")) > 0;
    });
    await isWhole();
  });
});
