import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { valueFor } from "../workloads/by-system.ts";
import { taskOf } from "../workloads/ecs.ts";
import { containersOf, kubernetesKind, podOf } from "../workloads/kubernetes.ts";
import { readSettings } from "../workloads/settings-files.ts";

interface Parameters {
  authTypes: string[];
  poolModes: Record<string, string>;
  ports: Record<string, number>;
}

const PROXY = "aws:rds/proxy:Proxy";
const SCRAM = "POSTGRES_SCRAM_SHA_256";

/** Variables by which images of PgBouncer take the way of authentication. */
const VARIABLES = ["AUTH_TYPE", "PGBOUNCER_AUTH_TYPE"];

/** Whoever sees an md5 hash can log in with it. */
export const poolerAuth = definePolicy<Parameters>({
  id: "POL-POOLER-AUTH",
  title: "Pooler authentication is not md5",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["8.3.2"], soc2: ["CC6.1"] },
  requirements: ["AR-SEC-22"],
  remediation: "Set auth_type = scram-sha-256 and keep SCRAM secrets in the user list.",
  parameters: {
    authTypes: {
      type: "array",
      items: { type: "string" },
      description: "Values of auth_type that a pooler may have; PgBouncer's own default is md5.",
      default: ["scram-sha-256"],
    },
    poolModes: {
      type: "object",
      description: "The pool_mode of each system's pooler; none: any.",
      default: { "arches-ai": "transaction" },
    },
    ports: {
      type: "object",
      description: "The listen_port of each system's pooler; none: any.",
      default: { "arches-ai": 6432 },
    },
  },
  check(check, resource, parameters) {
    const { type, properties } = resource;
    if (kubernetesKind(resource, "core") === "ConfigMap") {
      for (const [name, file] of check
        .entries(properties.get("data"))
        .filter(([key]) => /pgbouncer|userlist/i.test(key))) {
        checkFile(check, resource, name, file, parameters);
      }
    }
    const pod = podOf(resource);
    const containers = pod
      ? containersOf(check, pod, ["containers"]).map(({ field }) => field)
      : (taskOf(resource)?.containers(check) ?? []);
    for (const container of containers.filter((one) => isPooler(one))) {
      checkVariables(check, container, pod ? "env" : "environment", parameters.authTypes);
    }
    if (kubernetesKind(resource, "core") === "Service" && isPoolerService(properties)) {
      check.expect(properties.get("spec", "type"), (value) => value !== "LoadBalancer" && value !== "NodePort", {
        expected: "ClusterIP: only its clients reach a pooler",
      });
    }
    if (type === PROXY && textOf(properties.get("engineFamily").value) === "POSTGRESQL") {
      for (const auth of check.items(properties.get("auths"))) {
        check.expect(auth.get("clientPasswordAuthType"), (value) => value === SCRAM, { expected: SCRAM });
      }
    }
  },
  remediate(draft) {
    if (draft.type === PROXY && draft.get("engineFamily").value === "POSTGRESQL") {
      draft
        .get("auths")
        .items()
        .forEach((auth) => auth.get("clientPasswordAuthType").set(SCRAM));
    }
  },
});

function checkFile(check: Check, resource: Resource, name: string, file: Field, parameters: Parameters): void {
  if (!check.known(file)) {
    return;
  }
  if (/userlist/i.test(name)) {
    check.expect(file, (text) => !/"md5[0-9a-f]{32}"/i.test(textOf(text)), {
      found: "md5 hashes (hidden)",
      expected: "SCRAM secrets",
    });
    return;
  }
  const settings = readSettings(file.value);
  const last = (key: string) => settings.get(key)?.at(-1);
  const authType = last("auth_type");
  if (!parameters.authTypes.includes(authType ?? "md5")) {
    check.object(file, {
      found: authType === undefined ? "no auth_type, which is md5" : `auth_type = ${authType}`,
      expected: `auth_type = ${parameters.authTypes.join(" or ")}`,
    });
  }
  const mode = valueFor(parameters.poolModes, resource);
  if (mode !== undefined && (last("pool_mode") ?? "session") !== mode) {
    check.object(file, { found: `pool_mode = ${last("pool_mode") ?? "session"}`, expected: `pool_mode = ${mode}` });
  }
  const port = valueFor(parameters.ports, resource);
  if (port !== undefined && Number(last("listen_port") ?? 6432) !== port) {
    check.object(file, { found: `listen_port = ${last("listen_port") ?? ""}`, expected: `listen_port = ${port}` });
  }
}

/** A pooler's image, or its name where the image is not known yet. */
function isPooler(container: Field): boolean {
  return /pgbouncer|pgcat|odyssey/i.test(
    `${textOf(container.get("image").value)} ${textOf(container.get("name").value)}`,
  );
}

/** Without a variable the way of authentication stands in a mounted file; without a file it is md5. */
function checkVariables(check: Check, container: Field, key: string, authTypes: readonly string[]): void {
  const variables = check.items(container.get(key));
  const variable = variables.find((one) => VARIABLES.includes(textOf(one.get("name").value)));
  if (variable !== undefined) {
    check.expect(variable.get("value"), (value) => authTypes.includes(textOf(value)), {
      expected: authTypes.join(" or "),
    });
    return;
  }
  const mounts = [container.get("volumeMounts"), container.get("mountPoints")];
  if (mounts.every((list) => check.known(list) && list.items().length === 0)) {
    check.object(container.get(key), { found: "no AUTH_TYPE, which is md5", expected: authTypes.join(" or ") });
  }
}

function isPoolerService(properties: Field): boolean {
  const ports = properties.get("spec", "ports").items();
  return (
    /pgbouncer/i.test(textOf(properties.get("metadata", "name").value)) ||
    ports.some((port) => Number(port.get("port").value) === 6432)
  );
}
