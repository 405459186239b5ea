import { isWindows, type PodSecurityCheck } from "./pod.ts";

const BASELINE_CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** Volume types of the restricted profile. */
const VOLUME_TYPES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

export const allowPrivilegeEscalation: PodSecurityCheck = (check, pod, containers) => {
  if (!isWindows(check, pod)) {
    for (const { field } of containers) {
      check.expect(field.get("securityContext", "allowPrivilegeEscalation"), (value) => value === false, {
        expected: "false",
        fix: "Set allowPrivilegeEscalation: false.",
      });
    }
  }
};

export const capabilitiesBaseline: PodSecurityCheck = (check, _, containers) => {
  for (const { field } of containers) {
    for (const capability of check.items(field.get("securityContext", "capabilities", "add"))) {
      check.expect(capability, (value) => BASELINE_CAPABILITIES.includes(String(value)), {
        expected: `one of ${BASELINE_CAPABILITIES.join(", ")}`,
      });
    }
  }
};

export const capabilitiesRestricted: PodSecurityCheck = (check, pod, containers) => {
  if (!isWindows(check, pod)) {
    for (const capabilities of containers.map(({ field }) => field.get("securityContext", "capabilities"))) {
      check.expect(capabilities.get("drop"), (value) => Array.isArray(value) && value.includes("ALL"), {
        expected: '["ALL"]',
        fix: 'Set capabilities.drop: ["ALL"].',
      });
      for (const capability of check.items(capabilities.get("add"))) {
        check.expect(capability, (value) => value === "NET_BIND_SERVICE", { expected: "nothing but NET_BIND_SERVICE" });
      }
    }
  }
};

/** A volume that names no type is an emptyDir. */
export const restrictedVolumes: PodSecurityCheck = (check, pod) => {
  for (const volume of check.items(pod.spec.get("volumes"))) {
    for (const [type, field] of check.entries(volume)) {
      if (type !== "name" && !field.absent && !VOLUME_TYPES.includes(type)) {
        check.object(field, { found: `a ${type} volume`, expected: `one of ${VOLUME_TYPES.join(", ")}` });
      }
    }
  }
};
