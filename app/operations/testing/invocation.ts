import { createLogger } from "../../common/logger.ts";
import type { Invocation } from "../handler.ts";
import { SecretTexts } from "../secret-texts.ts";

/** An invocation as Lambda's runtime makes it, with everything that it logged. */
export function testInvocation(requestId = "request-1", milliseconds = 60_000): Invocation & { logged: string[] } {
  const logged: string[] = [];
  const secretTexts = new SecretTexts();
  const write = (line: string) => logged.push(secretTexts.hide(line));
  const logger = createLogger({ service: "operations", level: "debug", secrets: [], write });
  return { requestId, deadline: Date.now() + milliseconds, logger, secretTexts, logged };
}
