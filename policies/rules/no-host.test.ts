import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { container, deployment, ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { analyze, verdict } from "../testing/pack.ts";
import { noHost } from "./no-host.ts";

const POLICY = "no-host";
const POD = "spec.template.spec";
const APP = `${POD}.containers[0]`;

const pod = (overrides: Record<string, unknown>) => verdict(POLICY, workload(podSpec(overrides)));
const app = (overrides: Record<string, unknown>) => verdict(POLICY, deployment(overrides));
const task = (containers: unknown, overrides = {}) => verdict(POLICY, taskDefinition(containers, overrides));

describe("POL-NO-HOST (EB-SEC-34)", () => {
  it("accepts pods and tasks that keep to themselves", async () => {
    assert.deepEqual(await pod({ hostNetwork: false, volumes: [{ name: "tmp", emptyDir: {} }] }), []);
    assert.deepEqual(await task([ecsContainer({ privileged: false })]), []);
  });

  it("says what is wrong and what to do", async () => {
    const [report] = await analyze(workload(podSpec({ hostNetwork: true })));
    assert.equal(report?.level, "mandatory");
    assert.equal(
      report.message,
      [
        "POL-NO-HOST: No host namespaces, hostPath or privileged pods",
        "  resource: payment-server (kubernetes:apps/v1:Deployment)",
        "  property: spec.template.spec.hostNetwork",
        "  found:    true",
        "  expected: false or nothing",
        "  fix:      Remove the setting: a service of these systems needs nothing of the machine it runs on.",
        "  required: EB-SEC-34; PSS hostNamespaces, hostPathVolumes, hostPorts, hostProbesAndHostLifecycle, privileged, windowsHostProcess; NSA C-0038, C-0041, C-0044, C-0057, C-0058; CIS Kubernetes 5.2.2, 5.2.3, 5.2.4, 5.2.5, 5.2.10, 5.2.11, 5.2.12; AWS FSBP ECS.3, ECS.4",
        "  more:     docs/policies/no-host.md",
      ].join("\n"),
    );
  });

  it("rejects host namespaces and host directories", async () => {
    assert.deepEqual(await pod({ hostPID: true, hostIPC: true }), [
      `mandatory ${POD}.hostPID: true`,
      `mandatory ${POD}.hostIPC: true`,
    ]);
    assert.deepEqual(await pod({ volumes: [{ name: "root", hostPath: { path: "/" } }] }), [
      `mandatory ${POD}.volumes[0].hostPath: a directory of the host`,
    ]);
  });

  it("rejects privileged containers of every kind, Linux and Windows", async () => {
    const privileged = container({ securityContext: { privileged: true } });
    assert.deepEqual(await pod({ initContainers: [privileged], ephemeralContainers: [privileged] }), [
      `mandatory ${POD}.initContainers[0].securityContext.privileged: true`,
      `mandatory ${POD}.ephemeralContainers[0].securityContext.privileged: true`,
    ]);
    const windowsOptions = { hostProcess: true };
    assert.deepEqual(await app({ securityContext: { windowsOptions } }), [
      `mandatory ${APP}.securityContext.windowsOptions.hostProcess: true`,
    ]);
    assert.deepEqual(await pod({ securityContext: { windowsOptions } }), [
      `mandatory ${POD}.securityContext.windowsOptions.hostProcess: true`,
    ]);
  });

  it("rejects any host port but 0, which is none", async () => {
    const ports = [{ hostPort: 0 }, { hostPort: 1 }];
    assert.deepEqual(await app({ ports }), [`mandatory ${APP}.ports[1].hostPort: 1`]);
  });

  it("rejects probes and hooks that ask another host", async () => {
    assert.deepEqual(
      await app({
        livenessProbe: { httpGet: { host: "10.0.0.1", path: "/live", port: 3000 } },
        readinessProbe: { tcpSocket: { host: "", port: 3000 } },
        lifecycle: { preStop: { tcpSocket: { host: "10.0.0.2", port: 1 } } },
      }),
      [
        `mandatory ${APP}.livenessProbe.httpGet.host: "10.0.0.1"`,
        `mandatory ${APP}.lifecycle.preStop.tcpSocket.host: "10.0.0.2"`,
      ],
    );
  });

  it("rejects parts of volumes, which links may lead out of", async () => {
    const volumeMounts = [{ mountPath: "/a", subPath: "" }, { mountPath: "/b", subPath: "b" }, { subPathExpr: "$(C)" }];
    assert.deepEqual(await app({ volumeMounts }), [
      `mandatory ${APP}.volumeMounts[1].subPath: "b"`,
      `mandatory ${APP}.volumeMounts[2].subPathExpr: "$(C)"`,
    ]);
  });

  it("accepts absent settings, which the platform leaves off", async () => {
    assert.deepEqual(await verdict(POLICY, workload({ containers: [{}] })), []);
    assert.deepEqual(await task([{}]), []);
  });

  it("reports what is not known yet and goes on", async () => {
    assert.deepEqual(await pod({ hostPID: UNKNOWN, hostIPC: true, volumes: UNKNOWN }), [
      `mandatory ${POD}.hostIPC: true`,
      `advisory not evaluated: ${POD}.hostPID`,
      `advisory not evaluated: ${POD}.volumes`,
    ]);
  });

  it("rejects the host's namespaces, directories and privileges on ECS", async () => {
    const overrides = { networkMode: "host", pidMode: "host", ipcMode: "host", volumes: [{ hostPath: "/var" }] };
    assert.deepEqual(await task([ecsContainer({ privileged: true })], overrides), [
      'mandatory networkMode: "host"',
      'mandatory pidMode: "host"',
      'mandatory ipcMode: "host"',
      "mandatory volumes[0].hostPath: a directory of the host",
      "mandatory containerDefinitions[0].privileged: true",
    ]);
  });

  it("rejects the host processes and probes of init and ephemeral containers", async () => {
    const securityContext = { windowsOptions: { hostProcess: true } };
    const livenessProbe = { tcpSocket: { host: "10.0.0.1", port: 1 } };
    assert.deepEqual(await pod({ initContainers: [{ securityContext }], ephemeralContainers: [{ livenessProbe }] }), [
      `mandatory ${POD}.initContainers[0].securityContext.windowsOptions.hostProcess: true`,
      `mandatory ${POD}.ephemeralContainers[0].livenessProbe.tcpSocket.host: "10.0.0.1"`,
    ]);
  });

  it("remedies all but directories of the host and the network of tasks", () => {
    const securityContext = { privileged: true, windowsOptions: { hostProcess: true } };
    const action = { httpGet: { host: "10.0.0.1", port: 1 } };
    const containers = [
      {
        securityContext,
        ports: [{ hostPort: 1, containerPort: 1 }],
        startupProbe: action,
        lifecycle: { preStop: action },
      },
      { readinessProbe: { tcpSocket: { host: "10.0.0.1", port: 1 } } },
    ];
    const hosts = { hostNetwork: true, hostPID: true, hostIPC: true, securityContext };
    const loose = workload({ ...hosts, containers, ephemeralContainers: [{ securityContext }] });
    assert.deepEqual(verdictRemediated(noHost, loose), { verdict: [], idempotent: true });
    const task = taskDefinition([ecsContainer({ privileged: true })], { pidMode: "host", ipcMode: "host" });
    assert.deepEqual(verdictRemediated(noHost, task), { verdict: [], idempotent: true });
    for (const fine of [workload(), workload(UNKNOWN), taskDefinition(UNKNOWN, { pidMode: "task", ipcMode: "none" })]) {
      assert.deepEqual(remediated(noHost, fine), fine);
    }
    const volumes = [{ name: "root", hostPath: { path: "/" } }];
    assert.deepEqual(remediated(noHost, workload(podSpec({ volumes }))), workload(podSpec({ volumes })));
  });
});
