import { arnAt, step, text, type Creations } from "./creation.ts";

const keyId = "12345678-1234-1234-1234-123456789012";

/** Who may do what: IAM, keys and secrets. */
export const identity: Creations = {
  "aws:iam/role:Role": {
    create: (inputs) =>
      step("iam", "CreateRole", inputs, {
        renames: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument", forceDetachPolicies: undefined },
      }),
    outputs: ({ name }, answer, { accountId }) => ({
      id: name,
      arn: text(answer, ["Role", "Arn"], `arn:aws:iam::${accountId}:role/${String(name)}`),
      uniqueId: text(answer, ["Role", "RoleId"], "AROAEXAMPLEEXAMPLE01"),
    }),
  },
  "aws:iam/rolePolicy:RolePolicy": {
    create: (inputs) =>
      step("iam", "PutRolePolicy", inputs, {
        renames: { role: "RoleName", name: "PolicyName", policy: "PolicyDocument" },
      }),
    outputs: ({ role, name }) => ({ id: `${String(role)}:${String(name)}` }),
    read: ({ role, name }) => step("iam", "GetRolePolicy", { roleName: role, policyName: name }),
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    create: (inputs) => step("iam", "AttachRolePolicy", inputs, { renames: { role: "RoleName" } }),
  },
  "aws:kms/key:Key": {
    create: (inputs) =>
      step("kms", "CreateKey", inputs, {
        renames: {
          deletionWindowInDays: undefined,
          enableKeyRotation: undefined,
          rotationPeriodInDays: undefined,
          isEnabled: undefined,
          customerMasterKeySpec: "KeySpec",
        },
      }),
    outputs: (_inputs, answer, place) => {
      const id = text(answer, ["KeyMetadata", "KeyId"], keyId);
      return { id, keyId: id, arn: arnAt(place, "kms", `key/${id}`) };
    },
    read: (_inputs, answer) => step("kms", "DescribeKey", { keyId: text(answer, ["KeyMetadata", "KeyId"], keyId) }),
    then: ({ enableKeyRotation, rotationPeriodInDays }, { id }) =>
      enableKeyRotation === true ? [step("kms", "EnableKeyRotation", { keyId: id, rotationPeriodInDays })] : [],
  },
  "aws:kms/alias:Alias": {
    create: (inputs) => step("kms", "CreateAlias", inputs, { renames: { name: "AliasName" } }),
    outputs: ({ name }, _answer, place) => ({ id: name, arn: arnAt(place, "kms", String(name)) }),
  },
  "aws:secretsmanager/secret:Secret": {
    create: (inputs) =>
      step("secretsmanager", "CreateSecret", inputs, {
        renames: {
          recoveryWindowInDays: undefined,
          forceOverwriteReplicaSecret: undefined,
          policy: undefined,
          replicas: "AddReplicaRegions",
        },
      }),
    outputs: ({ name }, answer, place) => {
      const arn = text(answer, ["ARN"], arnAt(place, "secretsmanager", `secret:${String(name)}-AbCdEf`));
      return { id: arn, arn };
    },
    then: ({ policy }, { id }) =>
      policy === undefined
        ? []
        : [step("secretsmanager", "PutResourcePolicy", { secretId: id, resourcePolicy: policy })],
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    create: (inputs) => step("secretsmanager", "PutSecretValue", inputs),
    outputs: ({ secretId }, answer) => ({
      id: `${String(secretId)}|${text(answer, ["VersionId"], keyId)}`,
      arn: secretId,
      versionId: text(answer, ["VersionId"], keyId),
    }),
  },
  "aws:secretsmanager/secretRotation:SecretRotation": {
    create: (inputs) => step("secretsmanager", "RotateSecret", inputs),
  },
};
