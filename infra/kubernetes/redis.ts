import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";

import type { RedisStore } from "../spec/store.ts";
import type { Duration, Size } from "../spec/units.ts";
import { checksum } from "./checksum.ts";
import { imageOf } from "./images.ts";
import { workloadLabels } from "./labels.ts";
import { commandProbe } from "./pod.ts";
import { limitedSize } from "./quantities.ts";
import { randomSecret } from "../random.ts";
import { redisConf, redisStorage, redisUsers, type RedisPlan } from "./redis-config.ts";
import {
  exporterContainer,
  exporterPasswordKey,
  exporterPasswords,
  exporterPort,
  exporterUser,
  exporterVolume,
} from "./redis-exporter.ts";
import { SealedSecret } from "./sealed-secret.ts";
import { StatefulWorkload } from "./stateful.ts";
import { StoreAccess, type StoreArgs } from "./store-access.ts";
import { configVolume, scratchVolume, secretVolume } from "./volume.ts";

/** Folders and commands of the image. */
const settingsFolder = "/etc/redis/agent-commerce";
const dataFolder = "/var/lib/redis";
const secretsFolder = "/run/secrets/redis";
const certificateFolder = "/run/tls/server";
const readyCommand = ["/usr/local/bin/redis-ready"];

const terminationGrace: Duration = "30 s";
/** What a server without persistence may write: nothing but what Redis leaves behind by itself. */
const scratchSize: Size = "64 MiB";

/** Resources of a Redis server: its memory, all of it reserved, and a little processor time, since it has one thread. */
export function redisResources({ memory }: Pick<RedisPlan, "memory">) {
  return { requests: { cpu: "0.03 vCPU", memory }, limits: { cpu: "0.5 vCPU", memory } } as const;
}

/** A Redis server: TLS only, a user for each service that has a flow to it (WS-SEC-25). */
export class Redis extends pulumi.ComponentResource {
  readonly access: StoreAccess;
  readonly secretNames: string[];

  constructor(
    name: string,
    args: StoreArgs<RedisPlan & Pick<RedisStore, "port">> & { component: string },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("agent-commerce:kubernetes:Redis", name, {}, opts);
    const { target, store, specification, component, secrets, authority } = args;
    const { port } = specification;
    const { namespace, profile, storageClass } = target.settings;
    const labels = workloadLabels(target, store, component);
    const seed = secrets.sealingSeed;
    const persistent = specification.persistence !== "none";

    this.access = new StoreAccess(name, target, store, this);
    const exporterPassword = randomSecret(`${name}-${exporterUser.user}-password`, {
      parent: this,
      protect: profile.protect,
    }).hex;
    const users = new SealedSecret(
      `${name}-users`,
      {
        target,
        secretName: `${store}-users`,
        labels,
        values: {
          ...Object.fromEntries(this.access.users.map(({ user, password }) => [user, password])),
          [exporterUser.user]: exporterPassword,
          [exporterPasswordKey]: exporterPassword.apply((password) => exporterPasswords(port, password)),
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
      "redis.conf": redisConf(specification),
      "users.json": `${JSON.stringify(redisUsers([...this.access.users, exporterUser], secretsFolder), null, 2)}\n`,
    };
    const settings = new ConfigMap(
      `${name}-settings`,
      { metadata: { name: `${store}-settings`, namespace, labels }, data: files },
      { parent: this },
    );
    this.secretNames = [users.secretName, tls.secretName];

    const size = limitedSize(redisStorage(specification.memory), profile.storageLimit);
    new StatefulWorkload(
      name,
      {
        target,
        of: store,
        component,
        ports: { redis: { port, protocol: "tcp" }, metrics: { port: exporterPort } },
        claims: persistent ? [{ name: "data", size, ...(storageClass === undefined ? {} : { storageClass }) }] : [],
        pod: {
          terminationGrace,
          annotations: {
            "checksum/settings": checksum(files),
            "checksum/tls": tls.checksum,
            "checksum/users": users.checksum,
          },
          containers: [
            {
              name: "redis",
              image: imageOf(target, "redis"),
              args: ["--tls-port", String(port)],
              ports: { redis: port },
              resources: redisResources(specification),
              mounts: [
                { name: "data", mountPath: dataFolder },
                { name: "settings", mountPath: settingsFolder, readOnly: true },
                { name: "tls", mountPath: certificateFolder, readOnly: true },
                { name: "users", mountPath: secretsFolder, readOnly: true },
              ],
              startupProbe: commandProbe("startup", readyCommand),
              readinessProbe: commandProbe("readiness", readyCommand),
              livenessProbe: commandProbe("liveness", readyCommand),
            },
            exporterContainer(imageOf(target, "redis"), port),
          ],
          volumes: [
            ...(persistent ? [] : [scratchVolume("data", scratchSize)]),
            configVolume("authority", authority.configMapName),
            configVolume("settings", settings.metadata.name),
            exporterVolume(users.secretName),
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
