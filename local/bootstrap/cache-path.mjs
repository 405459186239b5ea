import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A path below the folder where everything lives that is built or kept outside the checkout.
 *
 * @default `$AGENT_COMMERCE_CACHE`, else `$XDG_CACHE_HOME/agent-commerce`, else `~/.cache/agent-commerce`
 * @param {string[]} parts
 * @returns {string}
 */
export function cachePath(...parts) {
  const { AGENT_COMMERCE_CACHE, XDG_CACHE_HOME } = process.env;
  const root = AGENT_COMMERCE_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "agent-commerce");
  return join(root, ...parts);
}
