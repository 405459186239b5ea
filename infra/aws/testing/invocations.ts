import { Invocation } from "@pulumi/aws/lambda/invocation.js";
import * as pulumi from "@pulumi/pulumi";

import type { OperationsFunction } from "../functions.ts";

/** A function that already exists, for tests of what calls it. */
export const operations: Pick<OperationsFunction, "invoke"> = {
  invoke: (name, event, triggers, opts) =>
    new Invocation(name, { functionName: "operations", input: pulumi.jsonStringify(event), triggers }, opts),
};
