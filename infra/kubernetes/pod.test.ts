import assert from "node:assert/strict";

import { commandProbe, container, httpProbe, podTemplate, type ContainerPlan } from "./pod.ts";

const plan: ContainerPlan = {
  name: "api",
  image: "images.example/api:1.0",
  resources: {
    requests: { cpu: "0.25 vCPU", memory: "256 MiB" },
    limits: { cpu: "0.5 vCPU", memory: "1 GiB" },
  },
};

describe("A container", () => {
  it("is restricted, and its root file system cannot be written", () => {
    assert.deepEqual(container(plan).securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 10001,
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("has requests and limits for processor time, memory and storage", () => {
    assert.deepEqual(container(plan).resources, {
      requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "64Mi" },
      limits: { cpu: "500m", memory: "1024Mi", "ephemeral-storage": "512Mi" },
    });
  });

  it("has its variables in order and its ports by name", () => {
    const { env, ports } = container({ ...plan, env: { B: "2", A: "1" }, ports: { http: 8080 } });
    assert.deepEqual(env, [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ]);
    assert.deepEqual(ports, [{ name: "http", containerPort: 8080, protocol: "TCP" }]);
  });

  it("may write to /tmp", () => {
    assert.deepEqual(container(plan).volumeMounts, [{ name: "tmp", mountPath: "/tmp" }]);
  });
});

describe("A pod", () => {
  const pod = (containers: ContainerPlan[]) =>
    podTemplate({ labels: {}, serviceAccount: "api", containers, terminationGrace: "30 s" }) as unknown as {
      spec: Record<string, unknown>;
    };

  it("has no token for the Kubernetes API and no addresses of other services in its variables", () => {
    const { spec } = pod([plan]);
    assert.equal(spec["serviceAccountName"], "api");
    assert.equal(spec["automountServiceAccountToken"], false);
    assert.equal(spec["enableServiceLinks"], false);
  });

  it("is killed after the draining and the grace of its slowest container", () => {
    assert.equal(pod([plan]).spec["terminationGracePeriodSeconds"], 30);
    assert.equal(pod([plan, { ...plan, drain: "5 s" }]).spec["terminationGracePeriodSeconds"], 35);
  });

  it("limits every folder that lives in it", () => {
    assert.deepEqual(pod([plan]).spec["volumes"], [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }]);
  });

  it("is spread over nodes and zones when there are several", () => {
    const { spec } = podTemplate({
      labels: {},
      serviceAccount: "api",
      containers: [plan],
      terminationGrace: "30 s",
      spread: { app: "api" },
    }) as { spec: { topologySpreadConstraints: { topologyKey: string; maxSkew: number }[] } };
    assert.deepEqual(
      spec.topologySpreadConstraints.map(({ topologyKey, maxSkew }) => [topologyKey, maxSkew]),
      [
        ["kubernetes.io/hostname", 1],
        ["topology.kubernetes.io/zone", 1],
      ],
    );
  });
});

describe("A probe", () => {
  it("asks a path of the port named http with the usual timing", () => {
    assert.deepEqual(httpProbe("readiness", { path: "/ready" }), {
      httpGet: { path: "/ready", port: "http", scheme: "HTTP" },
      periodSeconds: 10,
      timeoutSeconds: 3,
      failureThreshold: 3,
    });
  });

  it("keeps the specification's port and timing, in whole seconds", () => {
    const timing = { period: "1 min", timeout: "500 ms", failures: 7 } as const;
    assert.deepEqual(httpProbe("liveness", { path: "/live", port: "admin", timing }), {
      httpGet: { path: "/live", port: "admin", scheme: "HTTP" },
      periodSeconds: 60,
      timeoutSeconds: 1,
      failureThreshold: 7,
    });
  });

  it("may be a command", () => {
    assert.deepEqual(commandProbe("startup", ["pg_isready"]), {
      exec: { command: ["pg_isready"] },
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 30,
    });
  });
});
