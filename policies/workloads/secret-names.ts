/** Words of a name that say: the value is a secret. */
const SECRET_WORDS = new Set(
  "key keys apikey secret secrets password passwords passwd pwd pass passphrase token tokens wallet dsn credential credentials mnemonic".split(
    " ",
  ),
);

/** Last words of a name that say: the value is about a secret, not the secret itself. */
const ABOUT_WORDS = new Set(
  [
    "file files path paths dir directory mount name names arn id ids ref prefix suffix pattern header algorithm alg type mode",
    "version versions size length count limit max min budget ttl expiry expiration expires age days hours minutes seconds ms",
    "interval timeout rotation enabled disabled required address network endpoint host port username",
    "conf cfg ini json yaml yml toml txt sh sql crt pem pub md rules",
  ]
    .join(" ")
    .split(" "),
);

/** Words that say: the thing is meant to be seen. */
const PUBLIC_WORDS = new Set(["public", "publishable"]);

/**
 * Whether a variable's or file's name promises a secret: `WALLET_KEY`, `redisPassword`, `tls.key`; not `SECRETS_DIR`,
 * `JWT_TOKEN_TTL` or `PUBLIC_KEY`.
 */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || ABOUT_WORDS.has(last) || words.some((word) => PUBLIC_WORDS.has(word))) {
    return false;
  }
  return words.some((word) => SECRET_WORDS.has(word));
}

/** The words of a name in snake, kebab, dotted or camel case, in lower case. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
