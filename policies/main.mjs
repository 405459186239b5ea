import { enableCompileCache, flushCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// Most of a start is the compilation of modules: it is kept between starts, in the folder of this user alone, unless
// NODE_COMPILE_CACHE names another. It has to be enabled before the modules are read, so they are imported by call, and
// written at once: the engine ends the process without notice.
const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
enableCompileCache(join(cache, "agent-commerce", "compiled"));

// Pulumi's pack runner hooks require() for .ts with its own old TypeScript, so the entry is plain JavaScript: from here
// on Node itself strips the types. The runner calls what it gets from require() and waits for it.
const load = () => import("./index.ts").then(() => flushCompileCache());
export { load as "module.exports" };
