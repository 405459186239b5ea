// Pulumi's pack runner hooks require() for .ts with its own old TypeScript, so the entry is plain JavaScript: from here
// on Node itself strips the types.
import "./index.ts";
