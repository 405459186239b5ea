import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import {
  container,
  deployment,
  ecsContainer,
  POD_KINDS,
  podPath,
  podSpec,
  taskDefinition,
  without,
  workload,
} from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { analyze, verdict } from "../testing/pack.ts";
import { podHardened } from "./pod-hardened.ts";

type Kind = keyof typeof POD_KINDS;

const POLICY = "pod-hardened";
const POD = "spec.template.spec";
const CONTEXT = `${POD}.containers[0].securityContext`;
const HARD = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };

const pod = (spec: Record<string, unknown>) => verdict(POLICY, workload(spec));
const baseline = (spec: Record<string, unknown>) => {
  const parameters = { profile: "baseline", readOnlyRoot: false };
  return verdict(POLICY, workload(spec), { [POLICY]: { parameters } });
};
const context = (overrides: Record<string, unknown>) =>
  verdict(POLICY, deployment({ securityContext: { ...HARD, ...overrides } }));
const shared = (overrides: Record<string, unknown>) => {
  const securityContext = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" }, ...overrides };
  return pod(podSpec({ securityContext }));
};
const task = (overrides: Record<string, unknown>, properties = {}) =>
  verdict(POLICY, taskDefinition([ecsContainer(overrides)], properties));

describe("POL-POD-HARDENED (WS-SEC-47, EB-SEC-34)", () => {
  it("accepts the restricted profile with a read-only root, on every kind", async () => {
    for (const kind of Object.keys(POD_KINDS) as Kind[]) {
      assert.deepEqual(await verdict(POLICY, workload(podSpec(), kind)), [], kind);
    }
  });

  it("says what is wrong and what to do", async () => {
    const report = (await analyze(workload(podSpec({ securityContext: { runAsNonRoot: true, runAsUser: 0 } })))).find(
      ({ message }) => message.includes("runAsUser"),
    );
    assert.equal(report?.level, "mandatory");
    assert.equal(
      report.message,
      [
        "POL-POD-HARDENED: Containers run hardened",
        "  resource: payment-server (kubernetes:apps/v1:Deployment)",
        "  property: spec.template.spec.securityContext.runAsUser",
        "  found:    0",
        "  expected: a user other than 0",
        "  fix:      Set runAsUser to a number other than 0.",
        "  required: WS-SEC-47, EB-SEC-34; PSS allowPrivilegeEscalation, appArmorProfile, capabilities_baseline, capabilities_restricted, procMount_baseline, procMount_restricted, restrictedVolumes, runAsNonRoot, runAsUser, seLinuxOptions, seccompProfile_baseline, seccompProfile_restricted, sysctls; NSA C-0013, C-0016, C-0017, C-0046, C-0055; CIS Kubernetes 5.2.6, 5.2.7, 5.2.8, 5.2.9, 5.6.2, 5.6.3; AWS FSBP ECS.5, ECS.20, ECS.21",
        "  more:     docs/policies/pod-hardened.md",
      ].join("\n"),
    );
  });

  it("reads absent settings as the lax defaults of the platform", async () => {
    assert.deepEqual(await pod({ containers: [{}] }), [
      `mandatory ${POD}.containers[0].securityContext.runAsNonRoot: nothing`,
      `mandatory ${POD}.containers[0].securityContext.seccompProfile.type: nothing`,
      `mandatory ${POD}.containers[0].securityContext.allowPrivilegeEscalation: nothing`,
      `mandatory ${POD}.containers[0].securityContext.capabilities.drop: nothing`,
      `mandatory ${POD}.containers[0].securityContext.readOnlyRootFilesystem: nothing`,
    ]);
  });

  it("lets a container's own setting overrule the pod's, for better and for worse", async () => {
    assert.deepEqual(await context({ runAsNonRoot: false }), [`mandatory ${CONTEXT}.runAsNonRoot: false`]);
    assert.deepEqual(await context({ runAsUser: 0 }), [`mandatory ${CONTEXT}.runAsUser: 0`]);
    assert.deepEqual(await context({ seccompProfile: { type: "Unconfined" } }), [
      `mandatory ${CONTEXT}.seccompProfile.type: "Unconfined"`,
    ]);
    const own = { ...HARD, runAsNonRoot: true, runAsUser: 1, seccompProfile: { type: "Localhost" } };
    const containers = [container({ securityContext: own })];
    assert.deepEqual(await pod(without(podSpec({ containers }), "securityContext")), []);
  });

  it("rejects a pod's lax setting once, even where every container overrules it", async () => {
    const own = { ...HARD, runAsNonRoot: true, runAsUser: 1, seccompProfile: { type: "RuntimeDefault" } };
    const containers = [container({ securityContext: own }), container({ securityContext: own })];
    const securityContext = { runAsNonRoot: false, runAsUser: 0, seccompProfile: { type: "Unconfined" } };
    assert.deepEqual(await pod(podSpec({ containers, securityContext })), [
      `mandatory ${POD}.securityContext.runAsNonRoot: false`,
      `mandatory ${POD}.securityContext.runAsUser: 0`,
      `mandatory ${POD}.securityContext.seccompProfile.type: "Unconfined"`,
    ]);
  });

  it("rejects privilege escalation, a writable root and kept or added capabilities", async () => {
    assert.deepEqual(await context({ allowPrivilegeEscalation: true, readOnlyRootFilesystem: false }), [
      `mandatory ${CONTEXT}.allowPrivilegeEscalation: true`,
      `mandatory ${CONTEXT}.readOnlyRootFilesystem: false`,
    ]);
    assert.deepEqual(await context({ capabilities: { drop: ["NET_RAW"], add: ["NET_BIND_SERVICE", "SYS_ADMIN"] } }), [
      `mandatory ${CONTEXT}.capabilities.drop: ["NET_RAW"]`,
      `mandatory ${CONTEXT}.capabilities.add[1]: "SYS_ADMIN"`,
    ]);
  });

  it("rejects unsafe sysctls, SELinux and AppArmor settings and an unmasked /proc", async () => {
    assert.deepEqual(await shared({ sysctls: [{ name: "net.ipv4.tcp_syncookies" }, { name: "kernel.msgmax" }] }), [
      `mandatory ${POD}.securityContext.sysctls[1].name: "kernel.msgmax"`,
    ]);
    const selinux = { type: "spc_t", user: "system_u", role: "" };
    assert.deepEqual(await context({ seLinuxOptions: selinux, appArmorProfile: { type: "Unconfined" } }), [
      `mandatory ${CONTEXT}.appArmorProfile.type: "Unconfined"`,
      `mandatory ${CONTEXT}.seLinuxOptions.type: "spc_t"`,
      `mandatory ${CONTEXT}.seLinuxOptions.user: "system_u"`,
    ]);
    assert.deepEqual(await context({ procMount: "Unmasked" }), [`mandatory ${CONTEXT}.procMount: "Unmasked"`]);
    const resource = workload(podSpec(), "Pod");
    const annotations = { "container.apparmor.security.beta.kubernetes.io/app": "unconfined" };
    resource.properties["metadata"] = { annotations };
    assert.deepEqual(await verdict(POLICY, resource), [
      'mandatory metadata.annotations["container.apparmor.security.beta.kubernetes.io/app"]: "unconfined"',
    ]);
  });

  it("accepts the restricted volume types and no others", async () => {
    const volumes = [
      { name: "a", emptyDir: {} },
      { name: "b", nfs: { server: "s" } },
      { name: "c", hostPath: {} },
    ];
    assert.deepEqual(await pod(podSpec({ volumes })), [
      `mandatory ${POD}.volumes[1].nfs: a nfs volume`,
      `mandatory ${POD}.volumes[2].hostPath: a hostPath volume`,
    ]);
  });

  it("goes on past values that are not known yet", async () => {
    const containers = [
      container({ securityContext: UNKNOWN }),
      container({ securityContext: { ...HARD, runAsUser: 0 } }),
    ];
    assert.deepEqual(await pod(podSpec({ containers })), [
      `mandatory ${POD}.containers[1].securityContext.runAsUser: 0`,
      `advisory not evaluated: ${POD}.containers[0].securityContext`,
    ]);
    assert.deepEqual(await pod({ containers: UNKNOWN }), [`advisory not evaluated: ${POD}.containers`]);
    assert.deepEqual(await verdict(POLICY, workload(UNKNOWN)), [`advisory not evaluated: ${POD}`]);
  });

  it("asks of a Windows pod only what Windows has, and of one whose system is not known yet", async () => {
    const spec = { os: { name: "windows" }, securityContext: { runAsNonRoot: true }, containers: [{}] };
    assert.deepEqual(await pod(spec), []);
    assert.deepEqual(await pod(without(spec, "securityContext")), [
      `mandatory ${POD}.containers[0].securityContext.runAsNonRoot: nothing`,
    ]);
    assert.deepEqual(await pod({ ...spec, securityContext: { runAsNonRoot: true, runAsUser: 0 } }), [
      `mandatory ${POD}.securityContext.runAsUser: 0`,
    ]);
    assert.deepEqual(await pod({ ...spec, os: { name: UNKNOWN } }), [`advisory not evaluated: ${POD}.os.name`]);
    assert.equal((await pod({ ...spec, os: { name: "linux" } })).length, 4);
  });

  it("lets a pod with users of its own be root, and its /proc be unmasked in the baseline profile only", async () => {
    const own = { hostUsers: false, containers: [container({ securityContext: { ...HARD, runAsUser: 0 } })] };
    const shared = { seccompProfile: { type: "RuntimeDefault" } };
    assert.deepEqual(await pod(podSpec({ ...own, securityContext: shared })), []);
    assert.deepEqual(await pod(podSpec({ ...own, hostUsers: UNKNOWN, securityContext: shared })), [
      `advisory not evaluated: ${POD}.hostUsers`,
    ]);
    assert.deepEqual(await pod(podSpec({ ...own, hostUsers: true, securityContext: shared })), [
      `mandatory ${CONTEXT}.runAsNonRoot: nothing`,
      `mandatory ${CONTEXT}.runAsUser: 0`,
    ]);
    const unmasked = podSpec({
      hostUsers: false,
      containers: [container({ securityContext: { ...HARD, procMount: "Unmasked" } })],
    });
    assert.deepEqual(await pod(unmasked), [`mandatory ${CONTEXT}.procMount: "Unmasked"`]);
    assert.deepEqual(await baseline(unmasked), []);
    assert.deepEqual(await baseline({ ...unmasked, hostUsers: true }), [`mandatory ${CONTEXT}.procMount: "Unmasked"`]);
  });

  it("asks less in the baseline profile, and for no read-only root when told so", async () => {
    const securityContext = { capabilities: { add: ["CHOWN", "SYS_ADMIN"] }, seccompProfile: { type: "Unconfined" } };
    assert.deepEqual(await baseline({ containers: [{ securityContext }] }), [
      `mandatory ${CONTEXT}.capabilities.add[1]: "SYS_ADMIN"`,
      `mandatory ${CONTEXT}.seccompProfile.type: "Unconfined"`,
    ]);
    assert.deepEqual(await baseline({ containers: [{ securityContext: { seccompProfile: {} } }] }), [
      `mandatory ${CONTEXT}.seccompProfile.type: nothing`,
    ]);
    assert.deepEqual(await context({ seccompProfile: {} }), [`mandatory ${CONTEXT}.seccompProfile.type: nothing`]);
    const readOnlyRoot = { [POLICY]: { parameters: { readOnlyRoot: false } } };
    const containers = [container({ securityContext: { ...HARD, readOnlyRootFilesystem: false } })];
    assert.deepEqual(await verdict(POLICY, workload(podSpec({ containers })), readOnlyRoot), []);
    const writable = taskDefinition([ecsContainer({ readonlyRootFilesystem: false })]);
    assert.deepEqual(await verdict(POLICY, writable, readOnlyRoot), []);
  });

  it("remedies all but volumes and the users of tasks", () => {
    const loose = {
      allowPrivilegeEscalation: true,
      runAsNonRoot: false,
      runAsUser: 0,
      procMount: "Unmasked",
      capabilities: { add: ["SYS_ADMIN", "NET_BIND_SERVICE"] },
      seccompProfile: { type: "Unconfined" },
      seLinuxOptions: { type: "spc_t", user: "system_u", role: "r", level: "s0" },
      appArmorProfile: { type: "Unconfined" },
    };
    const sysctls = [{ name: "kernel.msgmax" }, { name: "net.ipv4.tcp_syncookies" }];
    const { procMount, ...pods } = loose;
    assert.equal(procMount, "Unmasked");
    const spec = {
      containers: [{}],
      initContainers: [{ securityContext: structuredClone(loose) }],
      securityContext: { ...pods, sysctls },
    };
    for (const kind of Object.keys(POD_KINDS) as Kind[]) {
      assert.deepEqual(verdictRemediated(podHardened, workload(spec, kind)), { verdict: [], idempotent: true });
    }
    const { template } = remediated(podHardened, workload(spec)).properties["spec"] as ReturnType<typeof JSON.parse>;
    assert.deepEqual(template.spec.initContainers[0].securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
      seLinuxOptions: { level: "s0" },
    });
    assert.deepEqual(template.spec.securityContext.sysctls, [{ name: "net.ipv4.tcp_syncookies" }]);
    const linuxParameters = { capabilities: { add: ["SYS_PTRACE"] } };
    const added = taskDefinition([ecsContainer({ readonlyRootFilesystem: false, linuxParameters })]);
    assert.deepEqual(verdictRemediated(podHardened, added), { verdict: [], idempotent: true });
    const fine = [
      workload(
        podSpec({ containers: [container({ securityContext: { ...HARD, seccompProfile: { type: "Localhost" } } })] }),
      ),
      workload({ os: { name: "windows" }, securityContext: { runAsNonRoot: true }, containers: [{}] }),
      workload(podSpec({ containers: UNKNOWN })),
      taskDefinition(),
      taskDefinition(UNKNOWN),
      taskDefinition([{ user: "ContainerUser" }], {
        runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" },
      }),
    ];
    for (const resource of fine) {
      assert.deepEqual(remediated(podHardened, resource), resource);
    }
    const writable = remediated(podHardened, taskDefinition([{}]), { readOnlyRoot: false });
    assert.equal(writable.properties["containerDefinitions"], "[{}]");
    const root = remediated(podHardened, workload({ containers: [{}] }), { readOnlyRoot: false });
    assert.doesNotMatch(JSON.stringify(root), /readOnlyRootFilesystem/);
  });

  it("demands an ordinary user and a read-only root on ECS", async () => {
    assert.deepEqual(await task({}), []);
    for (const user of [undefined, "", "0", "root", "0:10001", "000", "root:root"]) {
      const found = user === undefined ? "nothing" : JSON.stringify(user);
      assert.deepEqual(await task({ user }), [`mandatory containerDefinitions[0].user: ${found}`]);
    }
    for (const user of ["1", "10001:0", "node", "rootless"]) {
      assert.deepEqual(await task({ user }), []);
    }
    const linuxParameters = { capabilities: { add: ["SYS_PTRACE"] } };
    assert.deepEqual(await task({ readonlyRootFilesystem: undefined, linuxParameters }), [
      "mandatory containerDefinitions[0].readonlyRootFilesystem: nothing",
      'mandatory containerDefinitions[0].linuxParameters.capabilities.add[0]: "SYS_PTRACE"',
    ]);
    assert.deepEqual(await verdict(POLICY, taskDefinition(UNKNOWN)), ["advisory not evaluated: containerDefinitions"]);
    const windows = { runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } };
    assert.deepEqual(await task({ user: "ContainerUser", readonlyRootFilesystem: undefined }, windows), []);
    assert.deepEqual(await task({ user: "ContainerAdministrator" }, windows), [
      'mandatory containerDefinitions[0].user: "ContainerAdministrator"',
    ]);
  });

  it("is silenced by an exemption for one container only", async () => {
    const containers = [container({ securityContext: {} }), container({ securityContext: {} })];
    const resource = workload(podSpec({ containers }));
    const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const exemption = { policy: "POL-POD-HARDENED", urn: "*::payment-server", path: "*.containers[0].*" };
    const exemptions = [{ ...exemption, reason: "moves to a new base image", owner: "platform", expires: tomorrow }];
    const found = await verdict(POLICY, resource, { exemptions: { parameters: { exemptions } } });
    const note = `exempt until ${tomorrow}, owner platform: moves to a new base image`;
    assert.deepEqual(
      found,
      ["allowPrivilegeEscalation", "capabilities.drop", "readOnlyRootFilesystem"].flatMap((key) =>
        [0, 1].map((index) => {
          const place = `${POD}.containers[${index}].securityContext.${key}`;
          return index === 0 ? `advisory ${place}: ${note}` : `mandatory ${place}: nothing`;
        }),
      ),
    );
  });

  it("gives the same verdict whichever kind wraps the pod and however its containers are ordered", async function () {
    this.timeout(30_000);
    const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const securityContext = fc.record({
      allowPrivilegeEscalation: maybe<unknown>(true, false, UNKNOWN),
      readOnlyRootFilesystem: maybe<unknown>(true, false),
      runAsNonRoot: maybe<unknown>(true, false, UNKNOWN),
      runAsUser: maybe(0, 1),
      capabilities: maybe<unknown>({ drop: ["ALL"] }, { drop: [], add: ["SYS_ADMIN"] }, UNKNOWN),
    });
    const containers = fc
      .array(securityContext, { minLength: 1, maxLength: 3 })
      .map((contexts) => contexts.map((item, index) => container({ name: `c${index}`, securityContext: item })));
    await fc.assert(
      fc.asyncProperty(containers, fc.constantFrom(...(Object.keys(POD_KINDS) as Kind[])), async (list, kind) => {
        const judge = async (resource: TestResource, base: string) =>
          (await verdict(POLICY, resource)).map((line) => line.replace(`${base}.`, ""));
        const expected = await judge(workload(podSpec({ containers: list }), "Pod"), podPath("Pod"));
        assert.deepEqual(await judge(workload(podSpec({ containers: list }), kind), podPath(kind)), expected);
        const reversed = await judge(workload(podSpec({ containers: list.toReversed() }), kind), podPath(kind));
        const renumbered = reversed.map((line) =>
          line.replace(/containers\[(\d)\]/, (_, index) => `containers[${list.length - 1 - Number(index)}]`),
        );
        assert.deepEqual(renumbered.sort(), expected.sort());
      }),
      { numRuns: 60 },
    );
  });
});
