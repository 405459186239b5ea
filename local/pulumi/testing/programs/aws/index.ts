import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { Parameter } from "@pulumi/aws/ssm/parameter.js";
import * as pulumi from "@pulumi/pulumi";

const bucket = new Bucket("bucket", { forceDestroy: true });
new Parameter("level", { name: "log-level", type: "String", value: bucket.bucket });

export const arn = bucket.arn;
export const account = new pulumi.Config().getBoolean("ask") ? getCallerIdentityOutput({}).accountId : "";
