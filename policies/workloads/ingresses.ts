import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { kubernetesKind } from "./kubernetes.ts";

const GATEWAY_GROUP = "gateway.networking.k8s.io";

/** One way from outside to a service of the cluster. */
export interface Route {
  /** The host; absent when every host is meant. */
  host: Field;
  path: Field;
  /** The name of the service. */
  service: Field;
  /** The port of the service, by number or name. */
  port: Field;
}

/** Whether a resource is an Ingress of any version. */
export function isIngress(resource: Resource): boolean {
  return ["networking.k8s.io", "extensions"].some((group) => kubernetesKind(resource, group) === "Ingress");
}

/** A resource's kind if it is of the Gateway API: `Gateway`, `HTTPRoute`. */
export function gatewayKind(resource: Resource): string | undefined {
  return kubernetesKind(resource, GATEWAY_GROUP);
}

/** An annotation of a resource. */
export function annotation({ properties }: Resource, name: string): Field {
  return properties.get("metadata", "annotations", name);
}

/** The routes of an Ingress or of a route of the Gateway API; none for other resources. */
export function routesOf(check: Check, resource: Resource): Route[] {
  if (isIngress(resource)) {
    return ingressRoutes(check, resource.properties.get("spec"));
  }
  return gatewayKind(resource)?.endsWith("Route") === true ? gatewayRoutes(check, resource.properties.get("spec")) : [];
}

function ingressRoutes(check: Check, spec: Field): Route[] {
  const nothing = spec.get("rules").get("nothing");
  const defaults = [spec.get("defaultBackend"), spec.get("backend")].filter((backend) => !backend.absent);
  return [
    ...defaults.map((backend) => ({ host: nothing, path: nothing, ...target(backend) })),
    ...check
      .items(spec.get("rules"))
      .flatMap((rule) =>
        check
          .items(rule.get("http", "paths"))
          .map((path) => ({ host: rule.get("host"), path: path.get("path"), ...target(path.get("backend")) })),
      ),
  ];
}

/** The service behind a path, in the form of today or of the first versions. */
function target(backend: Field): Pick<Route, "service" | "port"> {
  if (backend.get("service").absent) {
    return { service: backend.get("serviceName"), port: backend.get("servicePort") };
  }
  const port = backend.get("service", "port");
  return {
    service: backend.get("service", "name"),
    port: port.get("number").absent ? port.get("name") : port.get("number"),
  };
}

function gatewayRoutes(check: Check, spec: Field): Route[] {
  const hosts = check.items(spec.get("hostnames"));
  const everyHost = spec.get("hostnames").get("nothing");
  return check.items(spec.get("rules")).flatMap((rule) => {
    const paths = check.items(rule.get("matches")).map((match) => match.get("path", "value"));
    const backends = check
      .items(rule.get("backendRefs"))
      .filter((backend) => ["", "Service"].includes(textOf(backend.get("kind").value)));
    return backends.flatMap((backend) =>
      (hosts.length > 0 ? hosts : [everyHost]).flatMap((host) =>
        (paths.length > 0 ? paths : [rule.get("nothing")]).map((path) => ({
          host,
          path,
          service: backend.get("name"),
          port: backend.get("port"),
        })),
      ),
    );
  });
}
