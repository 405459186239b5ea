import { arnAt, at, elements, step, text, without, type Creations, type Inputs, type Outputs } from "./creation.ts";

/** Attributes of a load balancer by inputs; inputs inside a block by "block.name". */
const balancerAttributes: Record<string, string> = {
  "accessLogs.enabled": "access_logs.s3.enabled",
  "accessLogs.bucket": "access_logs.s3.bucket",
  "accessLogs.prefix": "access_logs.s3.prefix",
  "connectionLogs.enabled": "connection_logs.s3.enabled",
  "connectionLogs.bucket": "connection_logs.s3.bucket",
  "connectionLogs.prefix": "connection_logs.s3.prefix",
  clientKeepAlive: "client_keep_alive.seconds",
  desyncMitigationMode: "routing.http.desync_mitigation_mode",
  dropInvalidHeaderFields: "routing.http.drop_invalid_header_fields.enabled",
  enableCrossZoneLoadBalancing: "load_balancing.cross_zone.enabled",
  enableDeletionProtection: "deletion_protection.enabled",
  enableHttp2: "routing.http2.enabled",
  enableTlsVersionAndCipherSuiteHeaders: "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
  enableWafFailOpen: "waf.fail_open.enabled",
  enableXffClientPort: "routing.http.xff_client_port.enabled",
  enableZonalShift: "zonal_shift.config.enabled",
  idleTimeout: "idle_timeout.timeout_seconds",
  preserveHostHeader: "routing.http.preserve_host_header.enabled",
  xffHeaderProcessingMode: "routing.http.xff_header_processing.mode",
};

const targetGroupAttributes: Record<string, string> = {
  deregistrationDelay: "deregistration_delay.timeout_seconds",
  loadBalancingAlgorithmType: "load_balancing.algorithm.type",
  loadBalancingAnomalyMitigation: "load_balancing.algorithm.anomaly_mitigation",
  loadBalancingCrossZoneEnabled: "load_balancing.cross_zone.enabled",
  slowStart: "slow_start.duration_seconds",
  "stickiness.cookieDuration": "stickiness.lb_cookie.duration_seconds",
  "stickiness.enabled": "stickiness.enabled",
  "stickiness.type": "stickiness.type",
};

/** A listener's attribute by the name of its input, such as routingHttpResponseServerEnabled. */
function listenerAttribute(input: string): string | undefined {
  const [, side = "", header = "", end = ""] =
    /^routingHttp(Request|Response)(\w+?)(HeaderValue|HeaderName|Enabled)$/.exec(input) ?? [];
  const words = (text: string) => text.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  return header === "" ? undefined : `routing.http.${side.toLowerCase()}.${words(header)}.${words(end)}`;
}

/** The inputs that are attributes, as elbv2 takes them. */
function attributesOf(inputs: Inputs, table: Record<string, string>): { Key: string; Value: string }[] {
  return Object.entries(table).flatMap(([path, Key]) => {
    const value = at(inputs, ...path.split("."));
    return value === undefined || value === null ? [] : [{ Key, Value: String(value) }];
  });
}

const first = (table: Record<string, string>) => [
  ...new Set(Object.keys(table).map((path) => path.split(".")[0] ?? "")),
];

/** How a listener's or rule's actions are written. */
function actionRenames(actions: string): Record<string, string> {
  return {
    [`${actions}.forward`]: "ForwardConfig",
    [`${actions}.forward.targetGroups.arn`]: "TargetGroupArn",
    [`${actions}.forward.stickiness`]: "TargetGroupStickinessConfig",
    [`${actions}.forward.stickiness.duration`]: "DurationSeconds",
    [`${actions}.redirect`]: "RedirectConfig",
    [`${actions}.fixedResponse`]: "FixedResponseConfig",
  };
}

/** A rule's condition: its kind is a word as well. */
function condition(written: unknown): Inputs {
  const [kind = "", value] = Object.entries(written as Inputs).find(([, each]) => each !== undefined) ?? [];
  return { field: kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), [`${kind}Config`]: value };
}

const arnOf =
  (member: string, otherwise: string, ...path: (string | number)[]) =>
  (_inputs: Inputs, answer: unknown, place: { region: string; accountId: string }): Outputs => {
    const arn = text(answer, path, arnAt(place, "elasticloadbalancing", otherwise));
    return { id: arn, arn, [member]: arn };
  };

const digits = "0123456789abcdef";

/** Load balancers and their certificates. */
export const edge: Creations = {
  "aws:lb/loadBalancer:LoadBalancer": {
    create: ({ internal, ...inputs }) =>
      step("elbv2", "CreateLoadBalancer", without(inputs, ...first(balancerAttributes)), {
        renames: { loadBalancerType: "Type" },
        parameters: internal === undefined ? {} : { Scheme: internal === true ? "internal" : "internet-facing" },
      }),
    outputs: ({ name }, answer, place) => {
      const made = at(answer, "LoadBalancers", 0);
      const suffix = `app/${String(name)}/${digits}`;
      const arn = text(made, ["LoadBalancerArn"], arnAt(place, "elasticloadbalancing", `loadbalancer/${suffix}`));
      return {
        id: arn,
        arn,
        arnSuffix: arn.split(":loadbalancer/")[1] ?? suffix,
        dnsName: text(made, ["DNSName"], `${String(name)}-1.${place.region}.elb.amazonaws.com`),
        zoneId: text(made, ["CanonicalHostedZoneId"], "Z215JYRZR1TBD5"),
      };
    },
    read: ({ name }) => step("elbv2", "DescribeLoadBalancers", { names: [name] }),
    then: (inputs, { arn }) => [
      step(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        { loadBalancerArn: arn },
        {
          parameters: { Attributes: attributesOf(inputs, balancerAttributes) },
        },
      ),
    ],
  },
  "aws:lb/targetGroup:TargetGroup": {
    create: ({ healthCheck, ...inputs }) =>
      step(
        "elbv2",
        "CreateTargetGroup",
        { ...without(inputs, ...first(targetGroupAttributes)), ...flat("healthCheck", healthCheck) },
        { renames: healthCheckMembers },
      ),
    outputs: ({ name }, answer, place) => {
      const suffix = `targetgroup/${String(name)}/${digits}`;
      const arn = text(answer, ["TargetGroups", 0, "TargetGroupArn"], arnAt(place, "elasticloadbalancing", suffix));
      return { id: arn, arn, arnSuffix: arn.split(":").at(-1) ?? suffix };
    },
    then: (inputs, { arn }) => [
      step(
        "elbv2",
        "ModifyTargetGroupAttributes",
        { targetGroupArn: arn },
        {
          parameters: { Attributes: attributesOf(inputs, targetGroupAttributes) },
        },
      ),
    ],
  },
  "aws:lb/listener:Listener": {
    create: ({ certificateArn, ...inputs }) => {
      const attributes = Object.keys(inputs).filter((name) => listenerAttribute(name) !== undefined);
      return step("elbv2", "CreateListener", without(inputs, ...attributes), {
        renames: actionRenames("defaultActions"),
        parameters: certificateArn === undefined ? {} : { Certificates: [{ CertificateArn: certificateArn }] },
      });
    },
    outputs: arnOf("arn", `listener/app/name/${digits}/${digits}`, "Listeners", 0, "ListenerArn"),
    then: (inputs, { arn }) => {
      const Attributes = Object.entries(inputs).flatMap(([name, value]) => {
        const Key = listenerAttribute(name);
        return Key === undefined ? [] : [{ Key, Value: String(value) }];
      });
      if (Attributes.length === 0) return [];
      return [step("elbv2", "ModifyListenerAttributes", { listenerArn: arn }, { parameters: { Attributes } })];
    },
  },
  "aws:lb/listenerRule:ListenerRule": {
    create: ({ conditions, ...inputs }) =>
      step(
        "elbv2",
        "CreateRule",
        { ...inputs, conditions: elements(conditions).map(condition) },
        {
          renames: actionRenames("actions"),
        },
      ),
    outputs: arnOf("arn", `listener-rule/app/name/${digits}/${digits}/${digits}`, "Rules", 0, "RuleArn"),
  },
  "aws:acm/certificate:Certificate": {
    create: (inputs) => step("acm", "RequestCertificate", inputs),
    outputs: ({ domainName }, answer, place) => {
      const arn = text(
        answer,
        ["CertificateArn"],
        arnAt(place, "acm", "certificate/12345678-1234-1234-1234-123456789012"),
      );
      const domain = String(domainName);
      return {
        id: arn,
        arn,
        domainValidationOptions: [
          {
            domainName: domain,
            resourceRecordName: `_0123456789abcdef0123456789abcdef.${domain}.`,
            resourceRecordType: "CNAME",
            resourceRecordValue: "_0123456789abcdef0123456789abcdef.example.acm-validations.aws.",
          },
        ],
      };
    },
  },
  // Waits until the certificate is issued; nothing is created.
  "aws:acm/certificateValidation:CertificateValidation": {
    outputs: ({ certificateArn }) => ({ id: certificateArn, certificateArn }),
  },
};

/** Where the inputs of a health check stand: among those of the target group. */
const healthCheckMembers: Record<string, string> = {
  "healthCheck.enabled": "HealthCheckEnabled",
  "healthCheck.healthyThreshold": "HealthyThresholdCount",
  "healthCheck.interval": "HealthCheckIntervalSeconds",
  "healthCheck.matcher": "Matcher.HttpCode",
  "healthCheck.path": "HealthCheckPath",
  "healthCheck.port": "HealthCheckPort",
  "healthCheck.protocol": "HealthCheckProtocol",
  "healthCheck.timeout": "HealthCheckTimeoutSeconds",
  "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
};

/** A block's inputs beside those of the resource, by paths. */
function flat(block: string, written: unknown): Inputs {
  return Object.fromEntries(
    Object.entries((written ?? {}) as Inputs).map(([name, value]) => [`${block}.${name}`, value]),
  );
}
