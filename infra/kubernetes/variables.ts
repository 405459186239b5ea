import type { core } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";

import { longestUse } from "../secret-values.ts";
import { splitEnvironment, type SecretVariable } from "../spec/environment.ts";
import type { Instance } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import type { Variable } from "../spec/service.ts";
import { plainValue } from "./addresses.ts";
import { authorityFolder, type CertificateAuthority } from "./certificate-authority.ts";
import { workloadLabels } from "./labels.ts";
import { managedStores } from "./managed.ts";
import { SealedSecret } from "./sealed-secret.ts";
import type { SystemSecrets } from "./secrets.ts";
import type { StoreValues } from "./store-access.ts";
import type { Target } from "./target.ts";
import { configVolume, secretVolume } from "./volume.ts";

/** Where a service or job finds its secrets: one file for each variable, named like it. */
const secretsFolder = "/run/secrets/app";

/** What the variables of services and jobs refer to. */
export interface Surroundings {
  target: Target;
  secrets: SystemSecrets;
  /** By name. */
  stores: Record<string, StoreValues>;
  /** @default no store has a certificate */
  authority?: CertificateAuthority;
}

/** Whose variables they are. */
export interface VariablesOwner {
  /** The service or job. */
  workload: string;
  instance: Instance;
  component: string;
  variables: Record<string, Variable>;
}

/** The parts of a pod through which it gets its variables. */
export interface PodVariables {
  env: Record<string, string>;
  mounts: core.v1.VolumeMount[];
  volumes: core.v1.Volume[];
  /** They change with what is mounted. */
  annotations: Record<string, pulumi.Output<string>>;
  /** Names of the sealed secrets. */
  secretNames: string[];
}

/** Gives a pod its variables: the plain ones in its manifest, the others as files of a sealed secret. */
export function podVariables(
  name: string,
  surroundings: Surroundings,
  owner: VariablesOwner,
  parent: pulumi.ComponentResource,
): PodVariables {
  const { target, authority } = surroundings;
  const environment = splitEnvironment(owner.variables, managedStores(target));
  const plain = Object.entries(environment.plain).map(
    ([variable, value]) => [variable, plainValue(target, owner.workload, value)] as const,
  );
  const sealed = seal(name, surroundings, owner, environment.secret, parent);
  return {
    env: { ...Object.fromEntries(plain), ...(sealed ? { SECRETS_DIR: secretsFolder } : {}) },
    mounts: [
      ...(authority ? [{ name: "authority", mountPath: authorityFolder, readOnly: true }] : []),
      ...(sealed ? [{ name: "secrets", mountPath: secretsFolder, readOnly: true }] : []),
    ],
    volumes: [
      ...(authority ? [configVolume("authority", authority.configMapName)] : []),
      ...(sealed ? [secretVolume("secrets", sealed.secretName)] : []),
    ],
    annotations: {
      ...(authority ? { "checksum/authority": authority.checksum } : {}),
      ...(sealed ? { "checksum/secrets": sealed.checksum } : {}),
    },
    secretNames: sealed ? [sealed.secretName] : [],
  };
}

function seal(
  name: string,
  { target, secrets, stores }: Surroundings,
  { workload, instance, component }: VariablesOwner,
  variables: Record<string, SecretVariable>,
  parent: pulumi.ComponentResource,
): SealedSecret | undefined {
  if (Object.keys(variables).length === 0) return undefined;
  const value = (variable: SecretVariable) =>
    "secret" in variable
      ? secrets.value(variable.secret, instance.number)
      : declared(stores, variable.store)[variable.value](workload);
  return new SealedSecret(
    `${name}-secrets`,
    {
      target,
      secretName: `${instance.workload}-secrets`,
      labels: workloadLabels(target, workload, component, instance.workload),
      annotations: rotationAnnotations(target, variables),
      values: Object.fromEntries(Object.entries(variables).map(([key, variable]) => [key, value(variable)])),
      seed: secrets.sealingSeed,
    },
    { parent },
  );
}

/** Addresses and passwords of stores are exchanged by people; where a store is, is no secret. */
function storeRotation({ value }: Extract<SecretVariable, { store: string }>): string | undefined {
  return value === "url" || value === "password" ? `${longestUse} d` : undefined;
}

/** How often each secret should be exchanged, for people and policies to see. */
function rotationAnnotations({ system }: Target, variables: Record<string, SecretVariable>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, variable]) => {
      const rotation = "secret" in variable ? system.secrets[variable.secret]?.rotation : storeRotation(variable);
      return rotation === undefined ? [] : [[`rotation.agent-commerce/${name}`, rotation]];
    }),
  );
}
