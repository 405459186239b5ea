/** From the weakest to the strongest. */
const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

const PLAIN_STORES: Readonly<Record<string, string>> = {
  "redis:": "rediss://",
  "valkey:": "valkeys://",
  "amqp:": "amqps://",
  "mqtt:": "mqtts://",
};

/** Why an address of a data store does not ask for TLS, without showing it; undefined when it does or is no address. */
export function plainTextUrl(text: string, sslmodeMin: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return undefined;
  }
  const scheme = text.slice(0, text.indexOf(":") + 1).toLowerCase();
  if (PLAIN_STORES[scheme] !== undefined) {
    return `an address that begins with ${scheme}// instead of ${PLAIN_STORES[scheme]} (hidden)`;
  }
  const options = new URLSearchParams(text.split("?")[1] ?? "");
  if (/^postgres(?:ql)?(?:\+\w+)?:$/.test(scheme)) {
    const mode = options.get("sslmode") ?? options.get("ssl");
    const weak = mode === null || (mode !== "true" && weakSslMode(mode, sslmodeMin));
    return weak
      ? `an address of PostgreSQL with ${mode === null ? "no sslmode" : `sslmode ${mode}`} (hidden)`
      : undefined;
  }
  if (scheme === "mongodb:" && options.get("tls") !== "true" && options.get("ssl") !== "true") {
    return "an address of MongoDB without tls=true (hidden)";
  }
  const off = scheme === "mongodb+srv:" && (options.get("tls") === "false" || options.get("ssl") === "false");
  return off ? "an address of MongoDB with tls=false (hidden)" : undefined;
}

/** Whether a sslmode is weaker than the least that is accepted; one that PostgreSQL does not know is. */
export function weakSslMode(mode: string, least: string): boolean {
  return SSL_MODES.indexOf(mode.toLowerCase()) < SSL_MODES.indexOf(least);
}
