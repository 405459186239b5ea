const hidden = "[hidden]";

/** Texts that are secret whoever wrote them; group 1 is kept. */
const shapes: readonly RegExp[] = [
  /([a-z][a-z0-9+.-]*:\/\/)[^\s/@"<>]*:[^\s/@"<>]*(?=@)/gi,
  /\b(Bearer |Basic )[A-Za-z0-9._~+/=-]{6,}/gi,
  /("(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|password|token)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi,
  /\b(sk-ant-)[A-Za-z0-9_-]+/g,
];

/**
 * Makes a function that hides secrets in a line of text, such as a finished log line: the known values wherever they
 * stand, the user and password of every address, and the values of fields that always hold credentials.
 *
 * @param secrets the values known to this process, addresses with passwords among them
 */
export function createRedaction(secrets: readonly string[]): (line: string) => string {
  const known = [...new Set(secrets.flatMap(spellings))].sort((a, b) => b.length - a.length);
  const pattern = known.length > 0 ? new RegExp(known.map(escapePattern).join("|"), "g") : undefined;
  return (line) => {
    let result = pattern ? line.replace(pattern, hidden) : line;
    for (const shape of shapes) result = result.replace(shape, (match, kept: string) => redacted(match, kept));
    return result;
  };
}

function redacted(match: string, kept: string): string {
  return match.endsWith('"') ? `${kept}"${hidden}"` : `${kept}${hidden}`;
}

/** How a secret can be spelt in a line: as it is, within JSON, encoded in an address; and the password of an address. */
function spellings(secret: string): string[] {
  const parts = [secret];
  if (URL.canParse(secret)) {
    const { password } = new URL(secret);
    parts.push(password, decode(password));
  }
  return parts
    .filter((part) => part.length >= 6)
    .flatMap((part) => [part, JSON.stringify(part).slice(1, -1), encodeURIComponent(part)]);
}

function decode(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

function escapePattern(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
