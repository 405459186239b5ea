import type { Manifest } from "./addon.ts";

const text = { type: "string" };
const time = { type: "string", format: "date-time" };
const texts = { type: "object", additionalProperties: text };

/** The template of the Secret that a SealedSecret becomes: its metadata, type, and values that need no sealing. */
const template = {
  type: "object",
  properties: {
    type: text,
    immutable: { type: "boolean" },
    data: { ...texts, nullable: true },
    metadata: {
      type: "object",
      nullable: true,
      "x-kubernetes-preserve-unknown-fields": true,
      properties: { name: text, namespace: text, labels: texts, annotations: texts },
    },
  },
};

const condition = {
  type: "object",
  required: ["type", "status"],
  properties: { type: text, status: text, reason: text, message: text, lastUpdateTime: time, lastTransitionTime: time },
};

/** What a SealedSecret is to the API server; the controller reads and writes exactly these fields. */
export const sealedSecretDefinition: Manifest = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "sealedsecrets.bitnami.com" },
  spec: {
    group: "bitnami.com",
    scope: "Namespaced",
    names: { kind: "SealedSecret", listKind: "SealedSecretList", plural: "sealedsecrets", singular: "sealedsecret" },
    versions: [
      {
        name: "v1alpha1",
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: "Synced", type: "string", jsonPath: '.status.conditions[?(@.type=="Synced")].status' },
          { name: "Status", type: "string", jsonPath: '.status.conditions[?(@.type=="Synced")].message' },
          { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
        ],
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: {
              apiVersion: text,
              kind: text,
              metadata: { type: "object" },
              spec: {
                type: "object",
                required: ["encryptedData"],
                properties: { encryptedData: { ...texts, "x-kubernetes-preserve-unknown-fields": true }, template },
              },
              status: {
                type: "object",
                properties: {
                  observedGeneration: { type: "integer", format: "int64" },
                  conditions: { type: "array", items: condition },
                },
              },
            },
          },
        },
      },
    ],
  },
};
