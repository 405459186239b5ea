import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";

import { listen } from "../rpc.ts";
import { endChildren } from "./children.ts";
import { languageRuntime } from "./runtime.ts";

// The engine starts `pulumi-language-nodejs [FLAGS] ENGINE-ADDRESS` and reads the port from the first line.
const engine = process.argv.at(-1) ?? "";
const { address } = await listen([LanguageRuntimeService, languageRuntime(engine)]);

// The engine holds the other end of standard input for as long as it lives; `kill -9` closes it as well.
process.stdin.resume().once("close", () => {
  endChildren();
  process.exit(0);
});
// The engine ends plugins by SIGINT; an orderly exit also keeps the compile cache for the next start.
process.once("SIGINT", () => process.exit(0));
process.stdout.write(`${address.split(":").at(-1)}\n`);
