import { goBuild } from "../../go.ts";
import { importImage } from "../images.ts";
import { scratchImage } from "../oci.ts";

/** Builds the test pod's image, imports it into the running cluster and returns its reference. */
export async function echoImage(): Promise<string> {
  const program = await goBuild({ name: "echo", module: `${import.meta.dirname}/..`, package: "./testing/echo" });
  const { reference, archive } = await scratchImage({
    name: "echo",
    programs: { "/echo": program },
    entrypoint: ["/echo"],
  });
  await importImage(archive);
  return reference;
}

/**
 * A pod that satisfies the restricted Pod Security profile. It is not called like its service, since its own name
 * resolves to itself.
 */
export function echoPod(
  app: string,
  image: string,
  more: { labels?: object; claim?: string; secret?: string } = {},
): object {
  const volumes = [
    ...(more.claim === undefined ? [] : [{ name: "data", persistentVolumeClaim: { claimName: more.claim } }]),
    ...(more.secret === undefined ? [] : [{ name: "secret", secret: { secretName: more.secret } }]),
  ];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${app}-pod`, labels: { app, ...more.labels } },
    spec: {
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        fsGroup: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "echo",
          image,
          readinessProbe: { httpGet: { path: "/health", port: 8080 }, periodSeconds: 1 },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: volumes.map((volume) => ({ name: volume.name, mountPath: `/${volume.name}` })),
        },
      ],
      volumes,
    },
  };
}

/** A service in front of the pods with a label `app`. */
export function echoService(app: string): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: app },
    spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}
