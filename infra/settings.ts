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
  /** Labels or tags put on everything, beside those of the system. */
  owner: string;
}
