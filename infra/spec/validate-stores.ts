import type { Problem } from "../errors.ts";
import type { Store } from "./store.ts";
import { isDuration, isSize } from "./units.ts";

/** What is wrong with one store. */
export function storeProblems(name: string, store: Store): Problem[] {
  const where = `stores.${name}`;
  const problems: Problem[] = [];
  const size = (part: string, text: string) => {
    if (!isSize(text))
      problems.push({ where: `${where}.${part}`, message: `"${text}" is not an amount; write it like "20 GiB".` });
  };
  const duration = (part: string, text: string) => {
    if (!isDuration(text)) {
      problems.push({ where: `${where}.${part}`, message: `"${text}" is not a length of time; write it like "14 d".` });
    }
  };
  const atLeast = (part: string, amount: number, minimum: number) => {
    if (!Number.isInteger(amount) || amount < minimum) {
      problems.push({
        where: `${where}.${part}`,
        message: `${amount} is not allowed; use a whole number from ${minimum}.`,
      });
    }
  };
  if ("port" in store) atLeast("port", store.port, 1024);
  switch (store.engine) {
    case "postgres":
      size("storage", store.storage);
      atLeast("maxConnections", store.maxConnections, 10);
      if (!/^[a-z_][a-z0-9_]{0,62}$/.test(store.database)) {
        problems.push({
          where: `${where}.database`,
          message: `"${store.database}" is not a database name; use lower-case letters, digits and underscores.`,
        });
      }
      break;
    case "redis":
      size("memory", store.memory);
      atLeast("nodes", store.nodes, 1);
      break;
    case "mongodb":
      size("storage", store.storage);
      atLeast("members", store.members, 1);
      break;
    case "queue":
      size("memory", store.memory);
      duration("retention", store.retention);
      duration("deadLetterRetention", store.deadLetterRetention);
      atLeast("maxDeliveries", store.maxDeliveries, 1);
      break;
    case "objects":
      duration("retention", store.retention);
      break;
  }
  return problems;
}
