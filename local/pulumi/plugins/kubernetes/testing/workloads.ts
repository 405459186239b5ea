import type { Properties } from "../../values.ts";

/** A pod template around the cluster's test image, which listens on port 8080 and has no shell. */
export function podTemplate(
  app: string,
  image: string,
  more: { container?: Properties; spec?: Properties } = {},
): Properties {
  const container = {
    name: app,
    image,
    readinessProbe: { httpGet: { path: "/health", port: 8080 }, periodSeconds: 1 },
    ...more.container,
  };
  return {
    metadata: { labels: { app } },
    spec: { terminationGracePeriodSeconds: 1, containers: [container], ...more.spec },
  };
}

/** A Deployment of one such pod. */
export function deployment(app: string, template: Properties, more: Properties = {}): Properties {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app },
    spec: { selector: { matchLabels: { app } }, template, ...more },
  };
}

/** A StatefulSet of one such pod with a volume. */
export function statefulSet(app: string, template: Properties, more: Properties = {}): Properties {
  const claim = {
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "8Mi" } } },
  };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: app },
    spec: { serviceName: app, selector: { matchLabels: { app } }, template, volumeClaimTemplates: [claim], ...more },
  };
}

/** A Job that runs the template once. */
export function job(name: string, template: Properties, more: Properties = {}): Properties {
  const spec = { ...(template["spec"] as Properties), restartPolicy: "Never" };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: { backoffLimit: 0, template: { spec }, ...more },
  };
}

/** A Service in front of the pods of an app. */
export function service(name: string, app: string): Properties {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}
