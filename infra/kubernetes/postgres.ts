import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";

import type { PostgresStore } from "../spec/store.ts";
import type { Duration, Size } from "../spec/units.ts";
import { checksum } from "./checksum.ts";
import { workloadLabels } from "./labels.ts";
import { commandProbe } from "./pod.ts";
import { postgresConf, postgresMemory, postgresRoles } from "./postgres-config.ts";
import { limitedSize } from "./quantities.ts";
import { randomSecret } from "../random.ts";
import { longestUse } from "../secret-values.ts";
import { declared } from "../spec/names.ts";
import { SealedSecret } from "./sealed-secret.ts";
import { StatefulWorkload } from "./stateful.ts";
import { StoreAccess, type StoreArgs } from "./store-access.ts";
import { configVolume, memoryVolume, secretVolume } from "./volume.ts";

/** Folders of the image. */
const settingsFolder = "/etc/postgresql/agent-commerce";
const dataFolder = "/var/lib/postgresql/data";
const secretsFolder = "/run/secrets/postgres";
const certificateFolder = "/run/tls/server";

/** Long enough for a checkpoint. */
const terminationGrace: Duration = "60 s";
/** What parallel queries exchange. */
const sharedMemory: Size = "128 MiB";

/** Resources of a PostgreSQL server: memory by its settings, processor time as for a small one. */
export function postgresResources({ parameters }: PostgresStore) {
  const memory = postgresMemory(parameters);
  return { requests: { cpu: "0.1 vCPU", memory }, limits: { cpu: "1 vCPU", memory } } as const;
}

/** A PostgreSQL server: TLS and SCRAM only, a user for each service that has a flow to it. */
export class Postgres extends pulumi.ComponentResource {
  readonly access: StoreAccess;
  readonly secretNames: string[];

  constructor(name: string, args: StoreArgs<PostgresStore>, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:Postgres", name, {}, opts);
    const { target, store, specification, secrets, authority } = args;
    const { namespace, profile, images, storageClass } = target.settings;
    const labels = workloadLabels(target, store, "database");
    const seed = secrets.sealingSeed;

    this.access = new StoreAccess(name, target, store, this);
    const superuser = randomSecret(`${name}-superuser-password`, { parent: this, protect: profile.protect });
    const users = new SealedSecret(
      `${name}-users`,
      {
        target,
        secretName: `${store}-users`,
        labels,
        annotations: { "rotation.agent-commerce/superuser-password": `${longestUse} d` },
        values: {
          "superuser-password": superuser.hex,
          ...Object.fromEntries(this.access.users.map(({ user, password }) => [user, password])),
        },
        seed,
      },
      { parent: this },
    );
    const { certificate, key } = authority.issue(store);
    const tls = new SealedSecret(
      `${name}-tls`,
      { target, secretName: `${store}-tls`, labels, values: { "tls.crt": certificate, "tls.key": key }, seed },
      { parent: this },
    );
    const files = {
      "postgresql.conf": postgresConf(specification),
      "roles.json": `${JSON.stringify(postgresRoles(specification, this.access.users, secretsFolder), null, 2)}\n`,
    };
    const settings = new ConfigMap(
      `${name}-settings`,
      { metadata: { name: `${store}-settings`, namespace, labels }, data: files },
      { parent: this },
    );
    this.secretNames = [users.secretName, tls.secretName];

    new StatefulWorkload(
      name,
      {
        target,
        of: store,
        component: "database",
        ports: { postgres: { port: specification.port, protocol: "tcp" } },
        claims: [
          {
            name: "data",
            size: limitedSize(specification.storage, profile.storageLimit),
            ...(storageClass === undefined ? {} : { storageClass }),
          },
        ],
        pod: {
          terminationGrace,
          annotations: {
            "checksum/settings": checksum(files),
            "checksum/tls": tls.checksum,
            "checksum/users": users.checksum,
          },
          containers: [
            {
              name: "postgres",
              image: declared(images, "postgres"),
              ports: { postgres: specification.port },
              resources: postgresResources(specification),
              mounts: [
                { name: "data", mountPath: dataFolder },
                { name: "settings", mountPath: settingsFolder, readOnly: true },
                { name: "shared-memory", mountPath: "/dev/shm" },
                { name: "tls", mountPath: certificateFolder, readOnly: true },
                { name: "users", mountPath: secretsFolder, readOnly: true },
              ],
              startupProbe: commandProbe("startup", ready(specification.port)),
              readinessProbe: commandProbe("readiness", ready(specification.port)),
              livenessProbe: commandProbe("liveness", ready(specification.port)),
            },
          ],
          volumes: [
            configVolume("settings", settings.metadata.name),
            memoryVolume("shared-memory", sharedMemory),
            secretVolume("tls", tls.secretName),
            secretVolume("users", users.secretName),
          ],
        },
      },
      { parent: this },
    );

    this.registerOutputs({});
  }
}

function ready(port: number): string[] {
  return ["pg_isready", "--quiet", `--port=${port}`];
}
