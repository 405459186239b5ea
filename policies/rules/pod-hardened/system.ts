import type { Check } from "../../frame/check.ts";
import type { Container, Pod } from "../../workloads/kubernetes.ts";

/** Kernel parameters that belong to the pod alone, as the Pod Security Standards list them since Kubernetes 1.32. */
const SAFE_SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

const SELINUX_TYPES = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

/** What loosens the kernel's own confinement of a pod: sysctls, SELinux, AppArmor and the /proc mount. */
export function checkSystemSettings(check: Check, pod: Pod, containers: readonly Container[]): void {
  const shared = pod.spec.get("securityContext");
  for (const sysctl of check.items(shared.get("sysctls"))) {
    check.expect(sysctl.get("name"), (value) => SAFE_SYSCTLS.includes(String(value)), { expected: "a safe sysctl" });
  }
  for (const context of [shared, ...containers.map(({ field }) => field.get("securityContext"))]) {
    const selinux = context.get("seLinuxOptions");
    check.expect(selinux.get("type"), (value) => isUnset(value) || SELINUX_TYPES.includes(String(value)), {
      expected: `one of ${SELINUX_TYPES.join(", ")}`,
    });
    for (const key of ["user", "role"]) {
      check.expect(selinux.get(key), isUnset, { expected: "nothing" });
    }
    const apparmor = context.get("appArmorProfile", "type");
    check.expect(apparmor, (value) => isUnset(value) || value === "RuntimeDefault" || value === "Localhost", {
      expected: '"RuntimeDefault" or "Localhost"',
    });
  }
  for (const [name, value] of check.entries(pod.metadata.get("annotations"))) {
    if (name.startsWith(APPARMOR_ANNOTATION)) {
      check.expect(value, (profile) => isUnset(profile) || /^(?:runtime\/default$|localhost\/)/.test(String(profile)), {
        expected: '"runtime/default" or "localhost/..."',
      });
    }
  }
  for (const { field } of containers) {
    const procMount = field.get("securityContext", "procMount");
    check.expect(procMount, (value) => isUnset(value) || value === "Default", { expected: '"Default"' });
  }
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === "";
}
