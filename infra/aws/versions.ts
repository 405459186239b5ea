/**
 * Engine versions that AWS offers for new servers, as of the day in `versionsAsOf`.
 *
 * Source: the tables of cfn-lint 1.58.0 of that day, which its maintainers read from AWS's own interface
 * (`DescribeDBEngineVersions`, `DescribeCacheEngineVersions`), without the versions that it marks as deprecated.
 *
 * AWS raises minor versions by itself in maintenance windows. After a refresh has seen that, raise the version here, since
 * AWS refuses to go back.
 */
export const versionsAsOf = "2026-10-20";

/** The newest minor version of each major version of PostgreSQL in RDS. */
const postgresVersions: Record<string, string> = {
  "14": "14.24",
  "15": "15.19",
  "16": "16.15",
  "17": "17.11",
  "18": "18.6",
};

/** The newest minor version of each major version of Redis in ElastiCache; later ones are Valkey's. */
const redisVersions: Record<string, string> = { "6": "6.2", "7": "7.1" };

/** The version of PostgreSQL in RDS, and the family of its parameters, for a major version. Undefined: not offered. */
export function postgresVersion(major: string): { version: string; family: string } | undefined {
  const version = postgresVersions[major];
  return version === undefined ? undefined : { version, family: `postgres${major}` };
}

/** The version of Redis in ElastiCache, and the family of its parameters, for a major version. Undefined: not offered. */
export function redisVersion(major: string): { version: string; family: string } | undefined {
  const version = redisVersions[major];
  if (version === undefined) return undefined;
  return { version, family: major === "6" ? "redis6.x" : `redis${major}` };
}

/** The major versions that AWS offers, for people. */
export const offeredMajors = {
  postgres: Object.keys(postgresVersions),
  redis: Object.keys(redisVersions),
} as const;
