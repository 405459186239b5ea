import grpc from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import anyproto from "google-protobuf/google/protobuf/any_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusproto from "@pulumi/pulumi/proto/status_pb.js";

import { formatPath, InitializationError } from "./plugin.ts";
import type { CheckResult, DiffResult, PropertyChange } from "./plugin.ts";
import { encodeProperties } from "./values.ts";

/** The answer to a check. */
export function checkResponse({ inputs, failures }: CheckResult) {
  const list = failures.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason));
  return new proto.CheckResponse().setInputs(encodeProperties(inputs)).setFailuresList(list);
}

/** The answer to a diff, with the detailed difference the engine shows. */
export function diffResponse({ changes, deleteBeforeReplace = false }: DiffResult) {
  const response = new proto.DiffResponse().setHasdetaileddiff(true).setDeletebeforereplace(deleteBeforeReplace);
  response.setChanges(proto.DiffResponse.DiffChanges[changes.length === 0 ? "DIFF_NONE" : "DIFF_SOME"]);
  response.setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))]);
  response.setReplacesList(changes.filter(({ replace }) => replace).map(({ path }) => formatPath(path)));
  for (const change of changes) {
    const detail = new proto.PropertyDiff().setKind(kindOf(change)).setInputdiff(true);
    response.getDetaileddiffMap().set(formatPath(change.path), detail);
  }
  return response;
}

function kindOf({ kind, replace = false }: PropertyChange) {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
  return { add: [ADD, ADD_REPLACE], delete: [DELETE, DELETE_REPLACE], update: [UPDATE, UPDATE_REPLACE] }[kind][
    replace ? 1 : 0
  ] as typeof ADD;
}

/** The error as the engine reads it; an initialization error carries the resource as it is now. */
export function asServiceError(error: unknown): ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof InitializationError) {
    const detail = new proto.ErrorResourceInitFailed();
    detail.setId(error.id).setProperties(encodeProperties(error.outputs)).setReasonsList(error.reasons);
    const packed = new anyproto.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statusproto.Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(message);
    status.addDetails(packed);
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return Object.assign(new Error(message), { code: grpc.status.UNKNOWN, details: message, metadata });
}
