// A plain module in front of the TypeScript one: the runner would compile a TypeScript entry by itself.
import "./pack.ts";
