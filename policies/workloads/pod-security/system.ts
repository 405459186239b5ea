import { contextsOf, hasOwnUsers, isNothing, isUnset, type PodSecurityCheck } from "./pod.ts";

/** Kernel parameters that belong to the pod alone, as the Pod Security Standards list them since Kubernetes 1.32. */
export const SAFE_SYSCTLS = [
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

/** The types of SELinux that containers may have. */
export const SELINUX_TYPES = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

export const sysctls: PodSecurityCheck = (check, pod) => {
  for (const sysctl of check.items(pod.spec.get("securityContext", "sysctls"))) {
    check.expect(sysctl.get("name"), (value) => SAFE_SYSCTLS.includes(String(value)), { expected: "a safe sysctl" });
  }
};

export const seLinuxOptions: PodSecurityCheck = (check, pod, containers) => {
  for (const options of contextsOf(pod, containers).map((context) => context.get("seLinuxOptions"))) {
    check.expect(options.get("type"), (value) => isUnset(value) || SELINUX_TYPES.includes(String(value)), {
      expected: `one of ${SELINUX_TYPES.join(", ")}`,
    });
    for (const key of ["user", "role"]) {
      check.expect(options.get(key), isUnset, { expected: "nothing" });
    }
  }
};

export const appArmorProfile: PodSecurityCheck = (check, pod, containers) => {
  for (const profile of contextsOf(pod, containers).map((context) => context.get("appArmorProfile"))) {
    if (!profile.absent) {
      check.expect(profile.get("type"), (value) => value === "RuntimeDefault" || value === "Localhost", {
        expected: '"RuntimeDefault" or "Localhost"',
      });
    }
  }
  for (const [name, value] of check.entries(pod.metadata.get("annotations"))) {
    if (name.startsWith(APPARMOR_ANNOTATION)) {
      check.expect(value, (profile) => isUnset(profile) || /^(?:runtime\/default$|localhost\/)/.test(String(profile)), {
        expected: '"runtime/default" or "localhost/..."',
      });
    }
  }
};

export const procMountRestricted: PodSecurityCheck = (check, _, containers) => {
  for (const { field } of containers) {
    const procMount = field.get("securityContext", "procMount");
    check.expect(procMount, (value) => isNothing(value) || value === "Default", { expected: '"Default"' });
  }
};

export const procMountBaseline: PodSecurityCheck = (check, pod, containers) => {
  if (!hasOwnUsers(check, pod)) {
    procMountRestricted(check, pod, containers);
  }
};
