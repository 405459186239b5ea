import type { Input } from "@pulumi/pulumi";

import type { Profile, ProfileName } from "./profile.ts";

/** Parts of a specification that a target may leave out when the stack says so, with a reason and an end. */
export const omittableFeatures = ["public-endpoints", "object-stores", "jobs", "blue-green", "autoscaling"] as const;
export type OmittableFeature = (typeof omittableFeatures)[number];

/** A part of the specification that this stack leaves out, in the open. */
export interface Omission {
  feature: OmittableFeature;
  reason: string;
  /** The day from which the omission is an error, as YYYY-MM-DD. */
  expires: string;
}

/** An existing VPC in the place of one made by the program. Each list has a subnet in every zone, in their order. */
export interface ExistingNetwork {
  vpcId: string;
  /** The VPC's address range, such as "10.20.0.0/16". */
  cidr: string;
  /** Subnets with a route to an internet gateway; the load balancer is there. */
  publicSubnetIds: readonly string[];
  /** Subnets with a route to the internet through NAT; tasks and functions are there. */
  privateSubnetIds: readonly string[];
  /** Subnets without a route to the internet; stores are there. */
  dataSubnetIds: readonly string[];
}

/** The two sets of pods of a service with a blue-green release: one has the traffic, the other is idle. */
export const colours = ["blue", "green"] as const;
export type Colour = (typeof colours)[number];

/** How public endpoints are reached in a cluster. No ingress controller is so common that its names could be assumed. */
export interface IngressSettings {
  /** The IngressClass of a maintained controller that the cluster has, such as "traefik". */
  className: string;
  /** The namespace of the controller's pods: only from there are the endpoints reached. */
  namespace: string;
  /** The ClusterIssuer of cert-manager that signs the endpoints' certificates. It proves the hosts by DNS (DNS-01). */
  certificateIssuer: string;
}

/** Where and how a stack uses AWS. */
export interface AwsSettings {
  region: string;
  /** The only account that may be changed; 12 digits. */
  accountId: string;
  /** Role to assume. @default the caller's own rights */
  roleArn?: string;
  /** Address of an AWS emulator, used for every service. @default AWS itself */
  endpoint?: string;
  /** At least two availability zones of the region. @default its zones a and b, and c in a highly available profile */
  zones: readonly string[];
  /** Address range of a VPC made by the program, or an existing VPC. @default "10.20.0.0/16" */
  network: { cidr: string } | ExistingNetwork;
  /** The public Route 53 zone of the hosts. */
  hostedZoneId: string;
  /** Who is told of alerts, by severity: e-mail addresses or https addresses. */
  alertRecipients: { critical: readonly string[]; warning: readonly string[] };
  /** The stack owns what exists once in an account and region: CloudTrail's trail and GuardDuty's detector. @default true */
  ownsAccount: boolean;
  /** Redis stores are sharded. @default false */
  redisClusterMode: boolean;
  /** On Kubernetes: security groups of the cluster's nodes, from which stores on AWS are reached. @default none */
  clusterSecurityGroupIds: readonly string[];
}

/** What a stack adds to a specification: where it runs, how big, with which images and outside secrets. */
export interface Settings {
  /** The stack's name, such as "dev" or "prod". */
  environment: string;
  profileName: ProfileName;
  profile: Profile;
  /** Kubernetes namespace. @default the specification's */
  namespace: string;
  /** Image references by the names that services use; each has a tag other than "latest", or a digest. */
  images: Record<string, string>;
  /** Values of external secrets by variable name; those of one instance as "WALLET_KEY_0". */
  externalSecrets: Record<string, Input<string>>;
  /** Public certificate of the cluster's sealed-secrets controller, PEM. */
  sealingCertificate: string;
  /** Where stores run. */
  datastoreMode: "incluster" | "managed";
  /** Storage class of volumes. @default the cluster's default class */
  storageClass?: string;
  omissions: readonly Omission[];
  /** Host names of public endpoints, by the endpoint's name. */
  hosts: Record<string, string>;
  /** On Kubernetes, with public endpoints: required. */
  ingress?: IngressSettings;
  /** On Kubernetes: which set of pods of services with a blue-green release has the traffic. @default "blue" */
  liveColour: Colour;
  /**
   * On Kubernetes: images of the idle set of pods, by the names that services use. A release swaps an image with its
   * candidate and changes the live colour, so that no pod is replaced by the switch.
   *
   * @default none: the idle set is empty
   */
  candidateImages: Record<string, string>;
  /**
   * Stores and services whose data may be replaced or deleted by an update, because the stack says so.
   *
   * @default none: in a profile that protects, such an update is refused
   */
  unprotected: readonly string[];
  /** Required on ecs, and on kubernetes for managed stores. */
  aws?: AwsSettings;
  /** Labels or tags put on everything, beside those of the system. */
  owner: string;
}

/** Whether a store's or service's data is protected from replacement and deletion. */
export function isProtected(
  { profile, unprotected }: Pick<Settings, "profile" | "unprotected">,
  name: string,
): boolean {
  return profile.protect && !unprotected.includes(name);
}
