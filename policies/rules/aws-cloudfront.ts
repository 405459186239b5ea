import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { DISTRIBUTION, isBucketAddress, originsOf } from "../workloads/distributions.ts";
import { ofType, referenced } from "../workloads/references.ts";

const BUCKET = /^aws:s3\/bucket(?:V2)?:/;
const FUNCTION_URL = /\.lambda-url\.[a-z0-9-]+\.on\.aws$/;
const OLD_PROTOCOLS = ["SSLv3", "TLSv1", "TLSv1.1"];

interface Parameters {
  requireFailover: boolean;
}

/** What AWS asks of distributions beside what viewers see: origins that nobody else reaches, over TLS, and logs. */
export const awsCloudfront = definePolicy<Parameters>({
  id: "POL-AWS-CLOUDFRONT",
  title: "Distributions reach private origins over TLS and keep logs",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: {
    fsbp: [
      "CloudFront.1",
      "CloudFront.4",
      "CloudFront.5",
      "CloudFront.9",
      "CloudFront.10",
      "CloudFront.12",
      "CloudFront.13",
      "CloudFront.16",
    ],
    pci: ["4.2.1", "10.2.1"],
    soc2: ["CC6.6", "CC6.7"],
  },
  requirements: ["EB-SEC-14", "AR-SEC-28", "RB-SEC-16"],
  remediation:
    "Give each origin access control or https-only with TLS 1.2, and the distribution a root object and logs.",
  parameters: {
    requireFailover: { type: "boolean", description: "Every distribution has a group of origins.", default: true },
  },
  check(check, resource, { requireFailover }) {
    const { type, properties } = resource;
    if (!DISTRIBUTION.test(type)) {
      return;
    }
    check.expect(properties.get("defaultRootObject"), (value) => textOf(value) !== "", {
      expected: "the object behind /, such as index.html",
    });
    const logging = properties.get("loggingConfig");
    // Logs of the second version are a delivery of CloudWatch Logs, which names the distribution.
    if (type.startsWith("aws:cloudfront/distribution:")) {
      check.expect(logging.get("bucket"), (value) => textOf(value) !== "", { expected: "a bucket for access logs" });
    }
    if (requireFailover) {
      const groups = properties.get("originGroups");
      check.expect(groups, () => groups.items().length > 0, { expected: "a group of two origins" });
    }
    originsOf(check, resource).forEach((origin) => checkOrigin(check, origin));
  },
  checkStack(stack) {
    for (const distribution of ofType(stack, DISTRIBUTION)) {
      const check = stack.check(distribution);
      const made = referenced(stack, distribution, ["origins"], BUCKET).length > 0;
      for (const domain of originsOf(check, distribution).map((origin) => origin.get("domainName"))) {
        const bucket = textOf(domain.value).split(".s3")[0];
        const exists = ofType(stack, BUCKET).some(({ properties }) =>
          [properties.get("bucket"), properties.get("id")].some(({ value, unknown }) => unknown || value === bucket),
        );
        check.expect(domain, (value) => !isBucketAddress(value) || made || exists, {
          expected: "the address of a bucket of this stack",
          fix: "Make the bucket in the stack, or remove the origin: whoever makes a bucket of that name serves its content.",
        });
      }
    }
  },
});

function checkOrigin(check: Check, origin: Field): void {
  const domain = origin.get("domainName");
  const custom = origin.get("customOriginConfig");
  if (check.known(domain) && (isBucketAddress(domain.value) || FUNCTION_URL.test(textOf(domain.value)))) {
    check.expect(origin.get("originAccessControlId"), (value) => textOf(value) !== "", {
      expected: "an origin access control",
    });
  }
  if (check.known(custom) && !custom.absent) {
    check.expect(custom.get("originProtocolPolicy"), (value) => value === "https-only", { expected: "https-only" });
    for (const protocol of check.items(custom.get("originSslProtocols"))) {
      check.expect(protocol, (value) => !OLD_PROTOCOLS.includes(textOf(value)), { expected: "TLSv1.2" });
    }
  }
}
