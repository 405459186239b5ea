import { isUnknownValue, isRecord, joinPath } from "./field.ts";

/**
 * The properties of a resource that a remediation may change.
 *
 * What is secret or unknown is neither read nor overwritten, whatever a remediation does: setting such a value does
 * nothing, and neither does replacing a map or a list that holds one.
 */
export interface Draft {
  readonly type: string;
  readonly name: string;
  get(...keys: readonly string[]): DraftField;
}

/** One place of a draft. */
export interface DraftField {
  /** As a person would write it: `spec.template.spec.containers[0].image`. */
  readonly path: string;
  /** Nothing, or null, is there. */
  readonly absent: boolean;
  /** The value is known only after the update. */
  readonly unknown: boolean;
  /** The value is secret, or stands within a secret. */
  readonly secret: boolean;
  /** Undefined when absent, unknown or secret, also where that is so within a map or list. */
  readonly value: unknown;
  /** Puts a value here, making the maps that lead to it; nothing happens within anything that is no map. */
  set(value: unknown): void;
  /** Takes the value away. */
  remove(): void;
  /** The elements of a list; none when it is absent, unknown or no list. */
  items(): DraftField[];
  get(...keys: readonly string[]): DraftField;
  /** The document of a property that is a JSON text; a change is written back as text. */
  json(): DraftField;
}

/** A secret as the policy SDK hands it to remediations: an object of its class `Secret`. */
interface SecretBox {
  value: unknown;
}

/** Where a value stands: how to read it, and how to write it if that is possible. */
interface Slot {
  read(): unknown;
  /** Writes undefined to remove. False when there is no place to write to. */
  write(value: unknown): boolean;
  /** Within a secret. */
  hidden: boolean;
  /** Keys of JSON documents are found whatever the case of their first letter, as AWS reads them. */
  document: boolean;
}

/** A draft over properties, which are changed in place. */
export class ResourceDraft implements Draft {
  readonly type: string;
  readonly name: string;
  readonly properties: Record<string, unknown>;
  #changed = false;

  /** The properties as the policy server hands them over, or plain ones. */
  constructor({ type, name }: { type: string; name: string }, properties: Record<string, unknown>) {
    this.type = type;
    this.name = name;
    this.properties = withoutProxies(properties);
  }

  /** Whether anything was set to another value. */
  get changed(): boolean {
    return this.#changed;
  }

  /** Whether there is an archive made of assets, which the SDK cannot send back. */
  get holdsArchive(): boolean {
    return Object.values(this.properties).some((value) => className(value) === "AssetArchive");
  }

  get(...keys: readonly string[]): DraftField {
    const slot: Slot = { read: () => this.properties, write: () => false, hidden: false, document: false };
    return new Place("", slot, () => (this.#changed = true)).get(...keys);
  }
}

class Place implements DraftField {
  readonly path: string;
  readonly #slot: Slot;
  readonly #changed: () => void;

  constructor(path: string, slot: Slot, changed: () => void) {
    this.path = path;
    this.#slot = slot;
    this.#changed = changed;
  }

  get absent(): boolean {
    return !this.unknown && isNothing(this.#content());
  }

  get unknown(): boolean {
    return isUnknownValue(this.#content());
  }

  get secret(): boolean {
    return !this.absent && (this.#slot.hidden || isSecretBox(this.#slot.read()));
  }

  get value(): unknown {
    return this.secret ? undefined : visible(this.#slot.read());
  }

  set(value: unknown): void {
    if (!this.#mayReplace() || sameJson(this.#slot.read(), value)) {
      return;
    }
    if (this.#slot.write(structuredClone(value))) {
      this.#changed();
    }
  }

  remove(): void {
    if (!isNothing(this.#slot.read()) && this.#mayReplace() && this.#slot.write(undefined)) {
      this.#changed();
    }
  }

  items(): Place[] {
    const list = this.#content();
    if (!Array.isArray(list)) {
      return [];
    }
    return list.map((_, index) => {
      const slot: Slot = {
        ...this.#inner(),
        read: () => elementOf(this.#content(), index),
        write: (value) => {
          const target = this.#content();
          if (!Array.isArray(target)) {
            return false;
          }
          target[index] = value ?? null;
          return this.#kept(target);
        },
      };
      return new Place(`${this.path}[${index}]`, slot, this.#changed);
    });
  }

  get(...keys: readonly string[]): Place {
    return keys.reduce<Place>((place, key) => (place.unknown ? place : place.#child(key)), this);
  }

  json(): Place {
    const text = this.#content();
    if (isUnknownValue(text)) {
      return this;
    }
    const slot: Slot = {
      ...this.#inner(),
      document: true,
      read: () => parse(this.#content()),
      write: (value) => value !== undefined && this.#writeContent(JSON.stringify(value)),
    };
    return new Place(this.path, new Document(slot), this.#changed);
  }

  #child(key: string): Place {
    const slot: Slot = {
      ...this.#inner(),
      read: () => {
        const map = this.#content();
        return isRecord(map) ? map[this.#keyIn(map, key)] : undefined;
      },
      write: (value) => {
        const present = this.#content();
        if (isNothing(present)) {
          return value !== undefined && this.#writeContent({ [key]: value });
        }
        if (!isRecord(present)) {
          return false;
        }
        const name = this.#keyIn(present, key);
        if (value === undefined) {
          delete present[name];
        } else {
          present[name] = value;
        }
        return this.#kept(present);
      },
    };
    return new Place(joinPath(this.path, key), slot, this.#changed);
  }

  /** A secret stays one: what changes is the value in its box. */
  #writeContent(value: unknown): boolean {
    const present = this.#slot.read();
    if (isSecretBox(present)) {
      present.value = value;
      return true;
    }
    return this.#slot.write(value);
  }

  /** The map or list was changed in place; a document has to become text again. */
  #kept(content: unknown): boolean {
    return !this.#slot.document || this.#writeContent(content);
  }

  #inner(): Pick<Slot, "hidden" | "document"> {
    return { hidden: this.#slot.hidden || isSecretBox(this.#slot.read()), document: this.#slot.document };
  }

  #content(): unknown {
    const value = this.#slot.read();
    return isSecretBox(value) ? value.value : value;
  }

  #mayReplace(): boolean {
    const value = this.#slot.read();
    return isNothing(value) || !(this.#slot.hidden || holdsHidden(value));
  }

  #keyIn(map: Record<string, unknown>, key: string): string {
    if (Object.hasOwn(map, key)) {
      return key;
    }
    const other = this.#slot.document ? Object.keys(map).find((name) => sameButFirstCase(name, key)) : undefined;
    return other ?? key;
  }
}

/** The document of a JSON text, parsed once, so that all places of it change the same tree. */
class Document implements Slot {
  readonly hidden: boolean;
  readonly document: boolean;
  readonly write: (value: unknown) => boolean;
  readonly #tree: unknown;

  constructor(slot: Slot) {
    this.hidden = slot.hidden;
    this.document = slot.document;
    this.write = (value) => this.#tree !== undefined && slot.write(value);
    this.#tree = slot.read();
  }

  read(): unknown {
    return this.#tree;
  }
}

function elementOf(list: unknown, index: number): unknown {
  return Array.isArray(list) ? (list as unknown[])[index] : undefined;
}

function parse(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Known by its class's name, so that the frame need not load the SDK. */
function isSecretBox(value: unknown): value is SecretBox {
  return isRecord(value) && className(value) === "Secret";
}

/** The name of an object's class; undefined for plain ones, whatever properties they have. */
function className(value: unknown): string | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return prototype === Object.prototype ? undefined : prototype?.constructor?.name;
}

function holdsHidden(value: unknown): boolean {
  if (isUnknownValue(value) || isSecretBox(value)) {
    return true;
  }
  const inner = Array.isArray(value) ? (value as unknown[]) : isRecord(value) ? Object.values(value) : [];
  return inner.some(holdsHidden);
}

/** A copy that shows neither secrets nor unknowns. */
function visible(value: unknown): unknown {
  if (isNothing(value) || isUnknownValue(value) || isSecretBox(value)) {
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.map(visible);
  }
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visible(item)])) : value;
}

function sameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function sameButFirstCase(a: string, b: string): boolean {
  return a.slice(1) === b.slice(1) && a.charAt(0).toLowerCase() === b.charAt(0).toLowerCase();
}

/** The server wraps properties in proxies that throw on unknown values and unwrap secrets. */
function withoutProxies(properties: Record<string, unknown>): Record<string, unknown> {
  const target = properties["__isSpecialProxy"] === true ? properties["__getSpecialProxyTarget"] : undefined;
  return isRecord(target) ? withoutProxies(target) : properties;
}
