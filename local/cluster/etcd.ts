import { request } from "node:https";
import { readFile } from "node:fs/promises";

import { certificateFiles } from "./pki.ts";
import type { Component } from "./process.ts";
import { addresses, clusterPath } from "./settings.ts";

/** The store of the API server: one member, spoken to over mutual TLS on the loopback address only. */
export function etcd(command: string): Component {
  const { cert, key } = certificateFiles("etcd");
  const authority = certificateFiles("ca").cert;
  const client = `https://${addresses.etcd.host}:${addresses.etcd.port}`;
  const peer = `https://${addresses.etcdPeer.host}:${addresses.etcdPeer.port}`;
  return {
    name: "etcd",
    command,
    args: [
      "--name=default",
      `--data-dir=${clusterPath("etcd")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      "--auto-compaction-retention=1",
      `--cert-file=${cert}`,
      `--key-file=${key}`,
      "--client-cert-auth",
      `--trusted-ca-file=${authority}`,
      `--peer-cert-file=${cert}`,
      `--peer-key-file=${key}`,
      "--peer-client-cert-auth",
      `--peer-trusted-ca-file=${authority}`,
      "--logger=zap",
      "--log-level=warn",
    ],
    files: {},
    listens: [addresses.etcd, addresses.etcdPeer],
    ready: () => answersHealthy(`${client}/health`),
  };
}

async function answersHealthy(url: string): Promise<boolean> {
  const { cert, key } = certificateFiles("apiserver-etcd-client");
  const [ca, certificate, privateKey] = await Promise.all(
    [certificateFiles("ca").cert, cert, key].map((file) => readFile(file)),
  );
  return await new Promise((resolve) => {
    const sent = request(url, { ca: ca!, cert: certificate!, key: privateKey!, timeout: 2_000, agent: false });
    sent.on("error", () => resolve(false));
    sent.on("timeout", () => sent.destroy());
    sent.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.end();
  });
}
