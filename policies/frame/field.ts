/** What the engine sends in place of a value that is not known before the update: one sentinel per type. */
const UNKNOWN_VALUES: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/**
 * A place in a resource's properties: its path, and its value if there is one and it is known.
 *
 * Reading below an unknown value gives the same unknown place, and below an absent one an absent place, so a rule never
 * has to test the steps on its way.
 */
export class Field {
  /** As a person would write it: `spec.template.spec.containers[0].image`. */
  readonly path: string;
  /** Undefined when the property is absent (or null, which Kubernetes and AWS read as absent) or unknown. */
  readonly value: unknown;
  /** The value depends on something that exists only after the update. */
  readonly unknown: boolean;
  /** What was read below this place, so that all policies share it. */
  #children: Map<string, Field> | undefined;
  #items: readonly Field[] | undefined;

  constructor(path: string, value: unknown) {
    this.path = path;
    this.unknown = isUnknownValue(value);
    this.value = this.unknown || value === null ? undefined : value;
  }

  /** The properties of a resource as the policy server hands them over: without the proxy that throws on unknowns. */
  static root(properties: Record<string, unknown>): Field {
    return new Field("", properties["__getSpecialProxyTarget"] ?? properties);
  }

  get absent(): boolean {
    return !this.unknown && this.value === undefined;
  }

  get(...keys: readonly string[]): Field {
    return keys.reduce<Field>((field, key) => field.#child(key), this);
  }

  /** The elements of a list; none when it is absent, unknown or no list. */
  items(): Field[] {
    if (!Array.isArray(this.value)) {
      return [];
    }
    this.#items ??= this.value.map((item, index) => new Field(`${this.path}[${index}]`, item));
    return [...this.#items];
  }

  /** The entries of a map; none when it is absent, unknown or no map. */
  entries(): [key: string, field: Field][] {
    return isRecord(this.value) ? Object.keys(this.value).map((key) => [key, this.#child(key)]) : [];
  }

  #child(key: string): Field {
    if (this.unknown) {
      return this;
    }
    const known = this.#children?.get(key);
    if (known !== undefined) {
      return known;
    }
    const value = isRecord(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    const child = new Field(joinPath(this.path, key), value);
    (this.#children ??= new Map()).set(key, child);
    return child;
  }
}

/** Whether the engine sent this in place of a value that is not known yet. */
export function isUnknownValue(value: unknown): boolean {
  return typeof value === "string" && UNKNOWN_VALUES.has(value);
}

/** Text as Kubernetes and AWS would read it where they want text; empty for lists, maps and nothing. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** A plain object, which lists and null are not. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The path of a property below a path. */
export function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) {
    return `${path}[${JSON.stringify(key)}]`;
  }
  return path === "" ? key : `${path}.${key}`;
}
