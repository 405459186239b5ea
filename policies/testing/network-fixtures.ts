import { UNKNOWN, urnOf, type TestResource } from "./analyzer.ts";
import { container, kubernetes, podSpec } from "./fixtures.ts";

type Json = Record<string, unknown>;

/**
 * A resource of AWS; properties that are undefined are left out.
 *
 * @param from the resources whose outputs are behind a property; it is unknown, as in a preview, unless it is given
 */
export function aws(
  type: string,
  properties: Json = {},
  name = "subject",
  from: Record<string, readonly TestResource[]> = {},
): TestResource {
  const references = Object.entries(from);
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return {
    type: `aws:${type}`,
    name,
    properties: {
      ...Object.fromEntries(references.map(([property]) => [property, UNKNOWN])),
      ...Object.fromEntries(given),
    },
    propertyDependencies: Object.fromEntries(references.map(([property, targets]) => [property, targets.map(urnOf)])),
  };
}

/** The same resource, of a system. */
export function ofSystem(system: string, resource: TestResource, component?: string): TestResource {
  const { properties } = resource;
  if (resource.type.startsWith("kubernetes:")) {
    const metadata = properties["metadata"] as Json;
    const labels = {
      ...(metadata["labels"] as Json | undefined),
      "app.kubernetes.io/part-of": system,
      ...(component !== undefined && { "app.kubernetes.io/component": component }),
    };
    return { ...resource, properties: { ...properties, metadata: { ...metadata, labels } } };
  }
  const tags = { ...(properties["tags"] as Json | undefined), system, ...(component !== undefined && { component }) };
  return { ...resource, properties: { ...properties, tags } };
}

export const vpc = aws("ec2/vpc:Vpc", { cidrBlock: "10.20.0.0/16" }, "vpc");
export const flowLog = aws("ec2/flowLog:FlowLog", { trafficType: "ALL" }, "flow-log", { vpcId: [vpc] });
export const closedGroup = aws("ec2/defaultSecurityGroup:DefaultSecurityGroup", { ingress: [], egress: [] }, "closed", {
  vpcId: [vpc],
});
export const internetGateway = aws("ec2/internetGateway:InternetGateway", {}, "internet", { vpcId: [vpc] });

export function subnet(name: string, zone: unknown = "a", properties: Json = {}): TestResource {
  return aws("ec2/subnet:Subnet", { availabilityZone: zone, ...properties }, name, { vpcId: [vpc] });
}

/** A route table with its route to the internet gateway as a resource of its own, and the subnets that use it. */
export function routeToInternet(...subnets: TestResource[]): TestResource[] {
  const table = aws("ec2/routeTable:RouteTable", {}, "public", { vpcId: [vpc] });
  const route = aws("ec2/route:Route", { destinationCidrBlock: "0.0.0.0/0" }, "public", {
    routeTableId: [table],
    gatewayId: [internetGateway],
  });
  const associations = subnets.map((one) =>
    aws("ec2/routeTableAssociation:RouteTableAssociation", {}, `public-${one.name ?? ""}`, {
      routeTableId: [table],
      subnetId: [one],
    }),
  );
  return [internetGateway, table, route, ...associations];
}

export const securityGroup = aws("ec2/securityGroup:SecurityGroup", {}, "edge", { vpcId: [vpc] });

/** A load balancer that every policy accepts, with the overrides. */
export function loadBalancer(overrides: Json = {}): TestResource {
  return aws(
    "lb/loadBalancer:LoadBalancer",
    {
      loadBalancerType: "application",
      internal: false,
      subnets: ["subnet-a", "subnet-b"],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableHttp2: true,
      enableDeletionProtection: true,
      accessLogs: { enabled: true, bucket: "worldstore-prod-access-logs" },
      ...overrides,
    },
    "balancer",
    { securityGroups: [securityGroup] },
  );
}

const notFound = [{ type: "fixed-response", fixedResponse: { statusCode: "404", contentType: "text/plain" } }];

/** A listener of HTTPS that every policy accepts. */
export function httpsListener(overrides: Json = {}, balancer = loadBalancer()): TestResource {
  return aws(
    "lb/listener:Listener",
    {
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1",
      defaultActions: notFound,
      routingHttpResponseXFrameOptionsHeaderValue: "DENY",
      routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
      routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
      routingHttpResponseContentSecurityPolicyHeaderValue: "default-src 'self'",
      ...overrides,
    },
    "https",
    { loadBalancerArn: [balancer] },
  );
}

/** A listener of HTTP that redirects, or does what the overrides say. */
export function httpListener(overrides: Json = {}, balancer = loadBalancer()): TestResource {
  const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
  return aws("lb/listener:Listener", { port: 80, protocol: "HTTP", defaultActions: [redirect], ...overrides }, "http", {
    loadBalancerArn: [balancer],
  });
}

/** A target group that every policy accepts. */
export function targetGroup(overrides: Json = {}): TestResource {
  return aws(
    "lb/targetGroup:TargetGroup",
    {
      port: 80,
      protocol: "HTTP",
      targetType: "ip",
      healthCheck: { path: "/health", protocol: "HTTP", interval: 10, unhealthyThreshold: 3, healthyThreshold: 2 },
      ...overrides,
    },
    "payment",
  );
}

/** A rule by which a listener leads to target groups. */
export function listenerRule(listener: TestResource, group: TestResource, overrides: Json = {}): TestResource {
  return aws(
    "lb/listenerRule:ListenerRule",
    {
      actions: [{ type: "forward", targetGroupArn: UNKNOWN }],
      conditions: [{ hostHeader: { values: ["pay.shop.example.com"] } }, { pathPattern: { values: ["/v1/*"] } }],
      ...overrides,
    },
    "rule",
    { listenerArn: [listener], actions: [group] },
  );
}

/** An ECS service of a component, in the given subnets. */
export function ecsService(overrides: Json = {}, from: Record<string, readonly TestResource[]> = {}): TestResource {
  return aws(
    "ecs/service:Service",
    {
      desiredCount: 2,
      networkConfiguration: { assignPublicIp: false, subnets: [UNKNOWN], securityGroups: [UNKNOWN] },
      ...overrides,
    },
    "service",
    from,
  );
}

const visibilityConfig = { cloudwatchMetricsEnabled: true, metricName: "rate", sampledRequestsEnabled: true };
export const rateRule: Json = {
  name: "rate",
  priority: 0,
  action: { block: {} },
  statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: 100, evaluationWindowSec: 60 } },
  visibilityConfig,
};
export const managedRule: Json = {
  name: "common",
  priority: 1,
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" } },
  visibilityConfig,
};

/** A web ACL with both kinds of rules. */
export function webAcl(overrides: Json = {}): TestResource {
  return aws(
    "wafv2/webAcl:WebAcl",
    { scope: "REGIONAL", rules: [rateRule, managedRule], visibilityConfig, ...overrides },
    "acl",
  );
}

/** What puts a web ACL before an entry. */
export function association(acl: TestResource, entry: TestResource): TestResource {
  return aws("wafv2/webAclAssociation:WebAclAssociation", {}, "association", {
    webAclArn: [acl],
    resourceArn: [entry],
  });
}

/** A distribution that every policy accepts. */
export function distribution(overrides: Json = {}, from: Record<string, readonly TestResource[]> = {}): TestResource {
  return aws(
    "cloudfront/distribution:Distribution",
    {
      enabled: true,
      httpVersion: "http2and3",
      defaultRootObject: "index.html",
      webAclId: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/edge/1",
      loggingConfig: { bucket: "logs.s3.eu-central-1.amazonaws.com" },
      origins: [
        { originId: "static", domainName: "static.s3.eu-central-1.amazonaws.com", originAccessControlId: "E1" },
        {
          originId: "app",
          domainName: "app.archesai.com",
          customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
        },
      ],
      originGroups: [{ originId: "both", members: [{ originId: "static" }, { originId: "app" }] }],
      defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https", cachePolicyId: "658327ea" },
      orderedCacheBehaviors: [
        { pathPattern: "/static/*", viewerProtocolPolicy: "https-only", cachePolicyId: "658327ea" },
      ],
      viewerCertificate: {
        acmCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/1",
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
      ...overrides,
    },
    "cdn",
    from,
  );
}

/** An Ingress that every policy accepts. */
export function ingress(overrides: Json = {}, annotations: Json = {}, path = "/v1"): TestResource {
  const backend = { service: { name: "payment-server", port: { name: "http" } } };
  return kubernetes(
    "networking.k8s.io/v1:Ingress",
    {
      metadata: {
        name: "payment",
        namespace: "worldstore",
        annotations: { "cert-manager.io/cluster-issuer": "letsencrypt", ...annotations },
      },
      spec: {
        ingressClassName: "traefik",
        rules: [{ host: "pay.shop.example.com", http: { paths: [{ path, pathType: "Prefix", backend }] } }],
        tls: [{ hosts: ["pay.shop.example.com"], secretName: "payment-tls" }],
        ...overrides,
      },
    },
    "payment",
  );
}

/** The Service to which that Ingress leads. */
export function service(overrides: Json = {}, name = "payment-server"): TestResource {
  return kubernetes(
    "core/v1:Service",
    {
      metadata: { name, namespace: "worldstore" },
      spec: {
        selector: { app: "payment-server" },
        ports: [{ name: "http", port: 3000, targetPort: "http" }],
        ...overrides,
      },
    },
    name,
  );
}

/** A Deployment whose pods that Service selects. */
export function app(
  overrides: Json = {},
  containers: unknown[] = [container()],
  labels: Json = { app: "payment-server" },
): TestResource {
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: "payment-server",
    properties: {
      metadata: { name: "payment-server", namespace: "worldstore" },
      spec: { replicas: 2, template: { metadata: { labels }, spec: podSpec({ containers }) }, ...overrides },
    },
  };
}

/** A NetworkPolicy of the namespace. */
export function networkPolicy(spec: unknown, name = "policy"): TestResource {
  return kubernetes("networking.k8s.io/v1:NetworkPolicy", { spec }, name);
}
