/** Shapes of text that are secrets wherever they stand, with the name by which a message may speak of them. */
const SECRET_SHAPES: readonly { name: string; shape: RegExp }[] = [
  { name: "a private key in PEM form", shape: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { name: "an Anthropic API key", shape: /\bsk-ant-[\w-]{8,}/ },
  { name: "an OpenAI API key", shape: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}/ },
  { name: "a 256-bit private key in hexadecimal", shape: /\b0x[0-9a-fA-F]{64}\b/ },
  { name: "an AWS access key", shape: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { name: "a GitHub token", shape: /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})/ },
  { name: "a Slack token", shape: /\bxox[abeoprs]-[\w-]{10,}/ },
  { name: "a Stripe key", shape: /\b[rs]k_live_[A-Za-z0-9]{16,}/ },
  { name: "a Google API key", shape: /\bAIza[\w-]{35}/ },
  { name: "a JSON Web Token", shape: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/ },
];

/** User name and password of a URL; the password may hold characters that should be escaped, a port is none. */
const URL_CREDENTIALS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@"'<>]*:(?!\d{1,5}[/?#])([^\s@"'<>]+)@/gi;

/** A password that is only a reference: `$(DB_PASSWORD)`, `${DB_PASSWORD}`, `$DB_PASSWORD` or `{{ .password }}`. */
const REFERENCE = /^(?:\$\(\w+\)|\$\{\w+\}|\$\w+|\{\{[^{}]*\}\})$/;

/** The name of the secret that a text holds, if it has the shape of one: "an AWS access key". */
export function secretShape(text: string): string | undefined {
  const known = SECRET_SHAPES.find(({ shape }) => shape.test(text));
  if (known !== undefined) {
    return known.name;
  }
  const withPassword = [...text.matchAll(URL_CREDENTIALS)].some(([, password]) => !isReference(password ?? ""));
  return withPassword ? "a URL with a password" : undefined;
}

/** Whether a text only refers to another variable. */
export function isReference(text: string): boolean {
  return REFERENCE.test(text.trim());
}

/** A value in words for a message: short, and never a secret. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) {
    return "nothing";
  }
  if (typeof value === "string") {
    const secret = secretShape(value);
    return secret === undefined ? quote(value) : `${secret} (hidden)`;
  }
  if (typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (Array.isArray(value)) {
    const simple = value.every((item) => typeof item === "string" || typeof item === "number");
    return simple && value.length <= 12 ? `[${value.map(describe).join(", ")}]` : `a list of ${value.length}`;
  }
  return "an object";
}

/** JSON quotes, so that control characters cannot forge lines of a report; cut after 120 characters. */
function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);
}
