import { Listener } from "@pulumi/aws/lb/listener.js";
import { LoadBalancer } from "@pulumi/aws/lb/loadBalancer.js";
import { Record } from "@pulumi/aws/route53/record.js";
import type { lb } from "@pulumi/aws/types/input.js";
import * as pulumi from "@pulumi/pulumi";

import { declared } from "../spec/names.ts";
import { Certificate } from "./certificate.ts";
import { EdgeEndpoint, type EdgeTarget } from "./edge-endpoint.ts";
import { rulePriorities } from "./edge-rules.ts";
import { Firewall } from "./firewall.ts";
import { physicalName } from "./names.ts";
import { testPort } from "./network-rules.ts";
import type { Network } from "./network.ts";
import { accessLogPrefixes } from "./objects-access-logs.ts";
import type { SecurityGroups } from "./security-groups.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

export type { EdgeTarget } from "./edge-endpoint.ts";

/** What an edge is made with. */
export interface EdgeArgs {
  target: Target;
  network: Network;
  groups: SecurityGroups;
  /** Name of the bucket of access logs, which lets load balancers write. */
  accessLogBucket: string;
}

/** TLS 1.2 and 1.3 with forward secrecy alone, the policy that AWS recommends (POL-TLS-EDGE). */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/** What a load balancer can add to answers; the values of the systems that state any (POL-SEC-HEADERS). */
const securityHeaders = {
  routingHttpResponseServerEnabled: false,
  routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
  routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
  routingHttpResponseXFrameOptionsHeaderValue: "DENY",
  routingHttpResponseContentSecurityPolicyHeaderValue: "default-src 'self'",
};

const notFound: lb.ListenerDefaultAction = {
  type: "fixed-response",
  fixedResponse: { statusCode: "404", contentType: "text/plain", messageBody: "Not found" },
};

/**
 * The way in from the internet: a load balancer that lets through nothing but the hosts and paths of public
 * endpoints, over TLS, behind a firewall (WS-NET-02, WS-NET-07). Nothing without public endpoints.
 *
 * The buckets of logs and the log groups must exist before: name them in `dependsOn`.
 */
export class Edge extends pulumi.ComponentResource {
  /** Name of the load balancer in DNS; undefined without public endpoints. */
  readonly dnsName: pulumi.Output<string> | undefined;
  /** How metrics name the load balancer; undefined without public endpoints. */
  readonly arnSuffix: pulumi.Output<string> | undefined;

  private readonly byService = new Map<string, EdgeTarget[]>();

  constructor(name: string, args: EdgeArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Edge", name, {}, opts);
    if (Object.keys(args.target.system.publicEndpoints).length > 0) {
      const balancer = this.createBalancer(name, args);
      this.createEndpoints(name, args, balancer);
      this.dnsName = balancer.dnsName;
      this.arnSuffix = balancer.arnSuffix;
    }
    this.registerOutputs({});
  }

  /**
   * The targets of a service, one for each of its public endpoints. AWS refuses a service before a listener leads to
   * them, so it depends on this edge.
   */
  targets(service: string): EdgeTarget[] {
    return this.byService.get(service) ?? [];
  }

  private createBalancer(name: string, { target, network, groups, accessLogBucket }: EdgeArgs): LoadBalancer {
    const balancer = new LoadBalancer(
      `${name}-balancer`,
      {
        name: physicalName(target, "loadBalancer", "edge"),
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets: network.publicSubnetIds,
        securityGroups: [groups.of({ kind: "edge" })],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableHttp2: true,
        enableDeletionProtection: target.settings.profile.protect,
        accessLogs: { enabled: true, bucket: accessLogBucket, prefix: accessLogPrefixes.loadBalancers },
        tags: componentTags("edge"),
      },
      { parent: this, protect: target.settings.profile.protect },
    );
    new Firewall(`${name}-firewall`, { target, resourceArn: balancer.arn }, { parent: this });
    return balancer;
  }

  private createEndpoints(name: string, { target, network }: EdgeArgs, balancer: LoadBalancer): void {
    const { system, settings, aws } = target;
    const endpoints = Object.keys(system.publicEndpoints).sort();
    const hosts = [...new Set(endpoints.map((endpoint) => declared(settings.hosts, endpoint)))].sort();
    const certificate = new Certificate(`${name}-certificate`, { target, hosts }, { parent: this });
    const listener = (kind: string, args: Omit<ConstructorParameters<typeof Listener>[1], "loadBalancerArn">) =>
      new Listener(
        `${name}-${kind}`,
        { loadBalancerArn: balancer.arn, tags: componentTags("edge"), ...args },
        { parent: this },
      );
    const tls = {
      protocol: "HTTPS",
      sslPolicy: tlsPolicy,
      certificateArn: certificate.arn,
      defaultActions: [notFound],
      ...securityHeaders,
    };
    listener("redirect", {
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    });
    const https = listener("https", { port: 443, ...tls });
    const tried = Object.values(system.publicEndpoints).some(
      ({ service }) => declared(system.services, service).release.strategy === "blue-green",
    );
    const test = tried ? listener("test", { port: testPort, ...tls }) : undefined;

    const priorities = rulePriorities(endpoints);
    for (const endpoint of endpoints) {
      const { service } = declared(system.publicEndpoints, endpoint);
      const { edgeTarget } = new EdgeEndpoint(
        `${name}-${endpoint}`,
        {
          target,
          endpoint,
          vpcId: network.vpcId,
          listenerArn: https.arn,
          testListenerArn: test?.arn,
          priority: declared(priorities, endpoint),
        },
        { parent: this },
      );
      this.byService.set(service, [...this.targets(service), edgeTarget]);
    }
    for (const host of hosts) {
      new Record(
        `${name}-${host}`,
        {
          zoneId: aws.hostedZoneId,
          name: host,
          type: "A",
          aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }],
        },
        { parent: this },
      );
    }
  }
}
