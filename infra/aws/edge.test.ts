import assert from "node:assert/strict";

import type * as pulumi from "@pulumi/pulumi";

import type { ProfileName } from "../profile.ts";
import { find, record, type RecordedResource } from "../testing/record.ts";
import { Edge, type EdgeTarget } from "./edge.ts";
import { rulePriorities } from "./edge-rules.ts";
import { Network } from "./network.ts";
import { SecurityGroups } from "./security-groups.ts";
import { shopTarget } from "./testing/shop.ts";
import type { Target } from "./target.ts";

interface Recorded {
  resources: RecordedResource[];
  targets: EdgeTarget[];
}

interface Options {
  preview?: boolean;
  transformations?: pulumi.ResourceTransformation[];
}

async function create(target: Target, { transformations = [], ...options }: Options = {}): Promise<Recorded> {
  let targets: EdgeTarget[] = [];
  const resources = await record(() => {
    const network = new Network("net", { target }, {});
    const groups = new SecurityGroups("groups", { target, network }, {});
    const edge = new Edge("edge", { target, network, groups, accessLogBucket: "logs" }, { transformations });
    targets = edge.targets("api");
  }, options);
  return { resources: resources.filter(({ name }) => name.startsWith("edge")), targets };
}

function changed(profileName: ProfileName, change: (target: Target) => void): Target {
  const target = structuredClone(shopTarget(profileName));
  change(target);
  return target;
}

const rolling = changed("production", ({ system }) =>
  Object.assign(system.services["api"] ?? {}, { release: { strategy: "rolling", maxSurge: 1, maxUnavailable: 0 } }),
);

const headers = {
  routingHttpResponseServerEnabled: false,
  routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
  routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
  routingHttpResponseXFrameOptionsHeaderValue: "DENY",
  routingHttpResponseContentSecurityPolicyHeaderValue: "default-src 'self'",
};
const conditions = [
  { hostHeader: { values: ["www.shop.example"] } },
  { pathPattern: { values: ["/v1", "/v1/*", "/health"] } },
];
const priority = rulePriorities(["web"])["web"];

describe("The edge", () => {
  let shop: Recorded;
  before(async () => (shop = await create(shopTarget())));
  it("is a load balancer in the public subnets that refuses what is malformed, logs and stays", async () => {
    const { resources } = shop;
    const balancer = find(resources, "aws:lb/loadBalancer:LoadBalancer", "edge-balancer");
    assert.deepEqual(balancer.inputs, {
      name: "shop-test-edge",
      loadBalancerType: "application",
      internal: false,
      ipAddressType: "ipv4",
      subnets: ["net-public-eu-central-1a-id", "net-public-eu-central-1b-id"],
      securityGroups: ["groups-edge-id"],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableHttp2: true,
      enableDeletionProtection: true,
      accessLogs: { enabled: true, bucket: "logs", prefix: "load-balancers" },
      tags: { component: "edge" },
    });
    assert.equal(balancer.protect, true);
    const small = find(
      (await create(shopTarget("dev"))).resources,
      "aws:lb/loadBalancer:LoadBalancer",
      "edge-balancer",
    );
    assert.equal(small.inputs["enableDeletionProtection"], false);
    assert.equal(small.protect, false);
  });

  it("redirects HTTP, speaks TLS 1.2 and 1.3, and knows no other hosts and paths", () => {
    const { resources } = shop;
    const listener = (name: string) => find(resources, "aws:lb/listener:Listener", name).inputs;
    assert.deepEqual(listener("edge-redirect"), {
      loadBalancerArn: "edge-balancer-arn",
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
      tags: { component: "edge" },
    });
    const tls = {
      loadBalancerArn: "edge-balancer-arn",
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificateArn: "edge-certificate-validation-certificateArn",
      defaultActions: [
        {
          type: "fixed-response",
          fixedResponse: { statusCode: "404", contentType: "text/plain", messageBody: "Not found" },
        },
      ],
      tags: { component: "edge" },
      ...headers,
    };
    assert.deepEqual(listener("edge-https"), { port: 443, ...tls });
    assert.deepEqual(listener("edge-test"), { port: 8443, ...tls });
  });

  it("asks targets every ten seconds and takes them out after three failures", async () => {
    const { resources } = await create(rolling);
    assert.deepEqual(find(resources, "aws:lb/targetGroup:TargetGroup", "edge-web-blue").inputs, {
      name: "shop-test-web-blue",
      vpcId: "net-vpc-id",
      targetType: "ip",
      protocol: "HTTP",
      protocolVersion: "HTTP1",
      port: 80,
      loadBalancingAlgorithmType: "least_outstanding_requests",
      deregistrationDelay: 30,
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        port: "traffic-port",
        path: "/health",
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags: { component: "api" },
    });
  });

  it("leads a rolling service's requests to its one target group", async () => {
    const { resources, targets } = await create(rolling);
    assert.deepEqual(find(resources, "aws:lb/listenerRule:ListenerRule", "edge-web-rule").inputs, {
      listenerArn: "edge-https-arn",
      priority,
      conditions,
      actions: [{ type: "forward", targetGroupArn: "edge-web-blue-arn" }],
      tags: { component: "api" },
    });
    assert.equal(resources.filter(({ type }) => type === "aws:lb/targetGroup:TargetGroup").length, 1);
    assert.equal(resources.filter(({ type }) => type === "aws:lb/listenerRule:ListenerRule").length, 1);
    assert.equal(resources.filter(({ type }) => type === "aws:lb/listener:Listener").length, 2);
    assert.deepEqual(
      targets.map(({ container, port, blueGreen }) => ({ container, port, blueGreen })),
      [{ container: "api", port: 8080, blueGreen: undefined }],
    );
  });

  it("has two colours and two rules of a blue-green service, whose weights ECS moves", () => {
    const { resources, targets } = shop;
    for (const [rule, listenerArn] of [
      ["edge-web-rule", "edge-https-arn"],
      ["edge-web-test-rule", "edge-test-arn"],
    ] as const) {
      assert.deepEqual(find(resources, "aws:lb/listenerRule:ListenerRule", rule).inputs, {
        listenerArn,
        priority,
        conditions,
        actions: [
          {
            type: "forward",
            forward: {
              targetGroups: [
                { arn: "edge-web-blue-arn", weight: 100 },
                { arn: "edge-web-green-arn", weight: 0 },
              ],
            },
          },
        ],
        tags: { component: "api" },
      });
    }
    assert.deepEqual(Object.keys(targets[0]?.blueGreen ?? {}).sort(), [
      "alternateTargetGroupArn",
      "productionRuleArn",
      "testRuleArn",
    ]);
    const name = (colour: string) =>
      find(resources, "aws:lb/targetGroup:TargetGroup", `edge-web-${colour}`).inputs["name"];
    assert.deepEqual([name("blue"), name("green")], ["shop-test-web-blue", "shop-test-web-green"]);
  });

  it("leaves to ECS which colour is live: an update moves no weight back", async () => {
    const ignored: Record<string, string[]> = {};
    const note: pulumi.ResourceTransformation = ({ name, opts }) => {
      if ("ignoreChanges" in opts && opts.ignoreChanges && opts.ignoreChanges.length > 0)
        ignored[name] = opts.ignoreChanges;
      return undefined;
    };
    await create(shopTarget(), { transformations: [note] });
    await create(rolling, { transformations: [note] });
    assert.deepEqual(ignored, {
      "edge-web-rule": ["actions[0].forward.targetGroups"],
      "edge-web-test-rule": ["actions[0].forward.targetGroups"],
    });
  });

  it("stands in the public subnets of an existing network", async () => {
    const target = changed("production", ({ aws }) => {
      aws.network = {
        vpcId: "vpc-1",
        cidr: "10.9.0.0/16",
        publicSubnetIds: ["subnet-1", "subnet-2"],
        privateSubnetIds: ["subnet-3", "subnet-4"],
        dataSubnetIds: ["subnet-5", "subnet-6"],
      };
    });
    const { resources } = await create(target);
    const { inputs } = find(resources, "aws:lb/loadBalancer:LoadBalancer", "edge-balancer");
    assert.deepEqual(inputs["subnets"], ["subnet-1", "subnet-2"]);
    assert.equal(find(resources, "aws:lb/targetGroup:TargetGroup", "edge-web-blue").inputs["vpcId"], "vpc-1");
  });

  it("proves the ownership of each host once, and gives the host the load balancer's addresses", async () => {
    const target = changed("production", ({ system, settings }) => {
      const { web } = system.publicEndpoints;
      if (web) system.publicEndpoints = { web, admin: { ...web, paths: ["/admin"] }, other: web };
      settings.hosts = { web: "www.shop.example", admin: "www.shop.example", other: "api.shop.example" };
    });
    const { resources, targets } = await create(target);
    assert.deepEqual(find(resources, "aws:acm/certificate:Certificate", "edge-certificate-certificate").inputs, {
      domainName: "api.shop.example",
      subjectAlternativeNames: ["www.shop.example"],
      validationMethod: "DNS",
      keyAlgorithm: "EC_prime256v1",
      tags: { component: "edge" },
    });
    const record = (name: string) => find(resources, "aws:route53/record:Record", name).inputs;
    assert.deepEqual(record("edge-certificate-www.shop.example"), {
      zoneId: "Z0123456789ABCDEFGHIJ",
      name: "_proof.www.shop.example",
      type: "CNAME",
      records: ["_proof.www.shop.example.acm-validations.aws"],
      ttl: 300,
    });
    assert.deepEqual(record("edge-www.shop.example"), {
      zoneId: "Z0123456789ABCDEFGHIJ",
      name: "www.shop.example",
      type: "A",
      aliases: [{ name: "edge-balancer-dnsName", zoneId: "edge-balancer-zoneId", evaluateTargetHealth: true }],
    });
    assert.deepEqual(
      resources.filter(({ type }) => type === "aws:route53/record:Record").map(({ name }) => name),
      [
        "edge-api.shop.example",
        "edge-certificate-api.shop.example",
        "edge-certificate-www.shop.example",
        "edge-www.shop.example",
      ],
    );
    assert.equal(targets.length, 3);
  });

  it("has as many validation records in a preview, when nobody knows what is in them", async () => {
    const { resources } = await create(shopTarget(), { preview: true });
    const { inputs } = find(resources, "aws:route53/record:Record", "edge-certificate-www.shop.example");
    assert.deepEqual([inputs["name"], inputs["type"]], ["[unknown]", "[unknown]"]);
  });

  it("gives every child a name that starts with its parent's", () => {
    const { resources } = shop;
    for (const { name, parent } of resources) assert.ok(name === "edge" || name.startsWith(`${parent}-`), name);
  });

  it("is nothing without a public endpoint", async () => {
    const { resources, targets } = await create(changed("production", ({ system }) => (system.publicEndpoints = {})));
    assert.deepEqual(
      resources.map(({ name }) => name),
      ["edge"],
    );
    assert.deepEqual(targets, []);
  });
});
