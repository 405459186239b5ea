import type { Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { ofType, referenced, referrers } from "./references.ts";
import { isOn } from "./values.ts";

/** All tokens that AWS's load balancers of the second generation have had. */
function token(kind: string): RegExp {
  return new RegExp(`^aws:(?:lb|alb|applicationloadbalancing|elasticloadbalancingv2)/${kind}:`);
}

export const LOAD_BALANCER = token("loadBalancer");
export const LISTENER = token("listener");
export const LISTENER_RULE = token("listenerRule");
export const TARGET_GROUP = token("targetGroup");
export const CLASSIC_LOAD_BALANCER = /^aws:(?:elb|elasticloadbalancing)\/loadBalancer:/;

/** A load balancer with what refers to it. */
export interface Balancer {
  resource: StackResource;
  listeners: { resource: StackResource; rules: StackResource[] }[];
}

/** The load balancers of a stack, joined with their listeners and rules. */
export function balancersOf(stack: Stack): Balancer[] {
  return ofType(stack, LOAD_BALANCER).map((resource) => ({
    resource,
    listeners: referrers(stack, resource, ["loadBalancerArn"], LISTENER).map((listener) => ({
      resource: listener,
      rules: referrers(stack, listener, ["listenerArn"], LISTENER_RULE),
    })),
  }));
}

/** The kind of a load balancer; AWS makes an application load balancer when none is named. */
export function balancerKind({ properties }: Resource): string {
  return textOf(properties.get("loadBalancerType").value) || "application";
}

/** Reached from the internet, as AWS makes it unless it is declared internal. */
export function facesInternet({ properties }: Resource): boolean {
  const internal = properties.get("internal");
  return !internal.unknown && !isOn(internal.value);
}

/** The protocol of a listener; empty for those of gateway load balancers, which have neither protocol nor port. */
export function listenerProtocol({ properties }: Resource): string {
  const protocol = properties.get("protocol");
  return protocol.absent && !properties.get("port").absent ? "HTTP" : textOf(protocol.value).toUpperCase();
}

/** The target groups to which listeners and rules lead. */
export function reachedTargetGroups(stack: Stack): StackResource[] {
  return [...ofType(stack, LISTENER), ...ofType(stack, LISTENER_RULE)].flatMap((resource) =>
    referenced(stack, resource, ["actions", "defaultActions"], TARGET_GROUP),
  );
}

/** Whether some action sends the request to HTTPS: a redirect is the last thing that happens to it. */
export function redirectsToHttps(actions: readonly Field[]): boolean {
  return actions.some(
    (action) =>
      textOf(action.get("type").value) === "redirect" &&
      textOf(action.get("redirect", "protocol").value).toUpperCase() === "HTTPS",
  );
}
