import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A reference to a shape by its name. */
interface Reference {
  shape: string;
  /** The SDK fills it in when the request says nothing. */
  idempotencyToken?: boolean;
}

/** A type of a service's API with its constraints, as AWS publishes it. */
export interface Shape {
  name: string;
  type:
    | "blob"
    | "boolean"
    | "double"
    | "float"
    | "integer"
    | "list"
    | "long"
    | "map"
    | "string"
    | "structure"
    | "timestamp";
  /** Of a structure. */
  members?: Record<string, Reference>;
  required?: readonly string[];
  /** A structure that takes exactly one of its members. */
  union?: boolean;
  /** Takes any JSON value. */
  document?: boolean;
  /** Of a list. */
  member?: Reference;
  /** Of a map. */
  key?: Reference;
  value?: Reference;
  enum?: readonly string[];
  /** A regular expression in Java's dialect. */
  pattern?: string;
  /** Least length of a string, list or map, or least number. */
  min?: number;
  max?: number;
}

interface ServiceFile {
  operations: Record<string, { input?: Reference; output?: Reference }>;
  shapes: Record<string, Omit<Shape, "name">>;
}

/** The API of one service. */
export class ServiceModel {
  readonly #file: ServiceFile;

  constructor(file: ServiceFile) {
    this.#file = file;
  }

  /**
   * What an operation takes.
   *
   * @throws Error when the service has no such operation
   */
  input(operation: string): Shape {
    const found = this.#file.operations[operation];
    if (!found) throw new Error(`the service has no operation ${operation}`);
    return found.input ? this.shape(found.input) : { name: "None", type: "structure", members: {} };
  }

  shape({ shape: name }: Reference): Shape {
    const shape = this.#file.shapes[name];
    if (!shape) throw new Error(`the service has no type ${name}`);
    return { ...shape, name };
  }

  /** The operations whose names start so. */
  operations(start: string): string[] {
    return Object.keys(this.#file.operations).filter((name) => name.startsWith(start));
  }
}

/** The APIs of AWS's services, read from botocore when they are asked for. */
export class Models {
  readonly #packages: string;
  readonly #models = new Map<string, ServiceModel>();

  /** @param packages the folder in which botocore is installed */
  constructor(packages: string) {
    this.#packages = packages;
  }

  /** @param service as botocore calls it, such as "elbv2" or "application-autoscaling" */
  service(service: string): ServiceModel {
    const known = this.#models.get(service);
    if (known) return known;
    const folder = join(this.#packages, "botocore", "data", service);
    const version = readdirSync(folder).sort().at(-1) ?? "";
    const text = gunzipSync(readFileSync(join(folder, version, "service-2.json.gz"))).toString();
    const model = new ServiceModel(JSON.parse(text) as ServiceFile);
    this.#models.set(service, model);
    return model;
  }
}
