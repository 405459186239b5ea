import type { Problem } from "../infra/errors.ts";
import type { Settings } from "../infra/settings.ts";
import { list } from "../infra/spec/names.ts";
import type { System } from "../infra/spec/system.ts";
import { project, type StackConfig } from "./config.ts";

/** What is missing or does not fit in the settings that are for a Kubernetes cluster. */
export function clusterProblems(system: System, config: StackConfig): Problem[] {
  if (config.target !== "kubernetes") return switchProblems(config);
  return [
    ...sealingProblems(config),
    ...ingressProblems(system, config),
    ...candidateProblems(system, config),
    ...storeProblems(config),
  ];
}

/** How a cluster's ingress controller is used, if the stack says all of it. */
export function ingressSettings(config: StackConfig): Pick<Settings, "ingress"> {
  const { ingressClass: className, ingressNamespace: namespace, certificateIssuer } = config;
  if (className === undefined || namespace === undefined || certificateIssuer === undefined) return {};
  return { ingress: { className, namespace, certificateIssuer } };
}

function sealingProblems({ sealingCertificate }: StackConfig): Problem[] {
  if (sealingCertificate !== undefined) return [];
  return [
    {
      where: `${project}:sealingCertificate`,
      message:
        'it is required on kubernetes. Set it to the text that `kubeseal --fetch-cert` prints: `pulumi config set sealingCertificate -- "$(kubeseal --fetch-cert)"`.',
    },
  ];
}

const ingressKeys = {
  ingressClass: "the IngressClass of a maintained controller of the cluster",
  ingressNamespace: "the namespace of the controller's pods",
  certificateIssuer: "a ClusterIssuer of cert-manager with a DNS-01 solver",
} as const;

function ingressProblems({ publicEndpoints }: System, config: StackConfig): Problem[] {
  const published = Object.keys(publicEndpoints).sort();
  if (published.length === 0 || config.omissions.some(({ feature }) => feature === "public-endpoints")) return [];
  return (Object.keys(ingressKeys) as (keyof typeof ingressKeys)[])
    .filter((key) => config[key] === undefined)
    .map((key) => ({
      where: `${project}:${key}`,
      message: `it is required on kubernetes for the public endpoint ${published.join(", ")}. Set it to the name of ${ingressKeys[key]}: \`pulumi config set ${key} NAME\`.`,
    }));
}

function candidateProblems({ services }: System, { candidateImages }: StackConfig): Problem[] {
  const switched = Object.values(services).filter(({ release }) => release.strategy === "blue-green");
  const names = Object.fromEntries(switched.map(({ image }) => [image, image]));
  return Object.keys(candidateImages)
    .filter((name) => !(name in names))
    .map((name) => ({
      where: `${project}:candidateImages.${name}`,
      message: `no service with a blue-green release has this image; remove it. There are ${list(names)}.`,
    }));
}

/** Without them the stores would admit nobody. */
function storeProblems({ datastoreMode, aws }: StackConfig): Problem[] {
  if (datastoreMode !== "managed" || aws === undefined || aws.clusterSecurityGroupIds.length > 0) return [];
  return [
    {
      where: `${project}:aws.clusterSecurityGroupIds`,
      message:
        "it is required on kubernetes for managed stores. Set it to the security groups of the cluster's nodes: `pulumi config set --path 'aws.clusterSecurityGroupIds[0]' sg-...`.",
    },
  ];
}

/** ECS keeps both colours and moves the traffic by itself, within one update. */
function switchProblems({ liveColour, candidateImages }: StackConfig): Problem[] {
  const given = [
    ...(liveColour === undefined ? [] : ["liveColour"]),
    ...Object.keys(candidateImages).map((name) => `candidateImages.${name}`),
  ];
  return given.map((setting) => ({
    where: `${project}:${setting}`,
    message: "it is for kubernetes only, since ECS switches colours by itself; remove it.",
  }));
}
