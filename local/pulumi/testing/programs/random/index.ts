import * as pulumi from "@pulumi/pulumi";
import { RandomBytes } from "@pulumi/random/randomBytes.js";
import { RandomId } from "@pulumi/random/randomId.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { RandomString } from "@pulumi/random/randomString.js";
import { RandomUuid } from "@pulumi/random/randomUuid.js";

const config = new pulumi.Config();
const length = config.getNumber("length") ?? 24;

console.log("said by the program");
if (config.getBoolean("fail")) throw new Error("the program fails on purpose");
const exit = config.getNumber("exit");
if (exit !== undefined) process.exit(exit);

const password = new RandomPassword("password", { length, keepers: { round: config.get("round") ?? "1" } });
const bytes = new RandomBytes("bytes", { length: 32 });
const id = new RandomId("id", { byteLength: 4, prefix: "x-" });
const string = new RandomString("string", { length: 8, special: false });
const uuid = new RandomUuid("uuid");

export const plain = { id: id.hex, string: string.result, uuid: uuid.result };
export const secret = { password: password.result, hash: password.bcryptHash, bytes: bytes.base64, hex: bytes.hex };
export const fromConfig = config.getSecret("token");
