import fc from "fast-check";
import type { EvaluatedPod } from "./evaluator.ts";

type Json = Record<string, unknown>;

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3, nil: undefined });
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 4 }, { arbitrary, weight: 1 });
const oneOf = (...values: readonly unknown[]) => fc.constantFrom(...values);
const record = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> => fc.record(model);

const capability = oneOf("NET_BIND_SERVICE", "CHOWN", "SYS_ADMIN", "ALL", "MKNOD", "net_bind_service", "NET_RAW", "");
const profile = (...types: readonly string[]) =>
  fc.oneof(fc.constant({}), ...types.map((type) => fc.constant({ type })));
const seccomp = profile("RuntimeDefault", "RuntimeDefault", "Localhost", "Unconfined", "");
const appArmor = profile("RuntimeDefault", "Localhost", "Unconfined", "");
const selinux = record({
  type: maybe(oneOf("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t")),
  user: maybe(oneOf("", "", "system_u")),
  role: maybe(oneOf("", "", "sysadm_r")),
  level: maybe(oneOf("s0")),
});
const shared = {
  runAsNonRoot: maybe(oneOf(true, true, false)),
  runAsUser: maybe(oneOf(0, 1, 10001)),
  seccompProfile: maybe(seccomp),
  seLinuxOptions: maybe(selinux),
  appArmorProfile: maybe(appArmor),
  windowsOptions: maybe(record({ hostProcess: maybe(fc.boolean()) })),
};
const sysctls = fc.array(
  record({
    name: oneOf(
      ...["kernel.shm_rmid_forced", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "kernel.msgmax"],
      ...["net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start"],
      ...["net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"],
      ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.core.somaxconn", ""],
    ),
    value: oneOf("1"),
  }),
  { maxLength: 2 },
);
const host = maybe(oneOf("", "", "10.0.0.1", "localhost"));
const handler = fc.oneof(
  record({ httpGet: record({ path: oneOf("/"), port: oneOf(80, "http"), host }) }),
  record({ tcpSocket: record({ port: oneOf(80), host }) }),
  fc.constant({ exec: { command: ["true"] } }),
);
const context = record({
  ...shared,
  privileged: maybe(oneOf(true, false, false)),
  allowPrivilegeEscalation: maybe(oneOf(true, false, false, false)),
  procMount: maybe(oneOf("Default", "Default", "Unmasked", "")),
  capabilities: maybe(
    record({
      drop: maybe(fc.oneof(fc.constant(["ALL"]), fc.array(capability, { maxLength: 2 }))),
      add: maybe(fc.array(capability, { maxLength: 2 })),
    }),
  ),
});
const ports = fc.array(record({ containerPort: oneOf(80), hostPort: maybe(oneOf(0, 0, 8080)) }), { maxLength: 2 });

/** A context that the restricted profile allows, so that a pod's other mistakes are not always among many. */
const hardened = fc.constant({
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
});

const container = (name: string) =>
  record({
    name: fc.constant(name),
    securityContext: maybe(fc.oneof(hardened, context)),
    ports: rarely(ports),
    livenessProbe: rarely(handler),
    readinessProbe: rarely(handler),
    startupProbe: rarely(handler),
    lifecycle: rarely(record({ postStart: maybe(handler), preStop: maybe(handler) })),
  });
const containers = (name: string, minLength: number) =>
  fc.array(container(name), { minLength, maxLength: 2 }).map((list) => {
    return list.map((item, index) => ({ ...item, name: `${name}${index}` }));
  });

const volume = oneOf(
  ...[
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
  ],
  ...["hostPath", "nfs", "iscsi", "awsElasticBlockStore", "gitRepo", "cephfs", "rbd", "fc", "flexVolume", "azureFile"],
).map((type) => ({ name: "data", [String(type)]: {} }));

const annotations = fc.dictionary(
  oneOf(
    "container.apparmor.security.beta.kubernetes.io/app0",
    "container.apparmor.security.beta.kubernetes.io/none",
    "container.seccomp.security.alpha.kubernetes.io/app0",
    "example.com/note",
  ).map(String),
  oneOf("runtime/default", "localhost/mine", "unconfined", "", "runtime/default2").map(String),
  { maxKeys: 2 },
);

/** Pods of every kind of mistake and none; each volume has one type, as the API server demands. */
export const pods: fc.Arbitrary<EvaluatedPod> = fc.record({
  metadata: record({ annotations: rarely(annotations) }),
  spec: record({
    os: rarely(record({ name: oneOf("linux", "windows", "windows") })),
    hostUsers: rarely(fc.boolean()),
    hostNetwork: rarely(fc.boolean()),
    hostPID: rarely(fc.boolean()),
    hostIPC: rarely(fc.boolean()),
    securityContext: maybe(record({ ...shared, sysctls: rarely(sysctls) })),
    containers: containers("app", 1),
    initContainers: rarely(containers("init", 0)),
    ephemeralContainers: rarely(containers("debug", 0)),
    volumes: rarely(fc.array(volume, { maxLength: 2 })),
  }),
});
