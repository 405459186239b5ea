import { createServer } from "node:net";
import { fastify } from "fastify";
import type { Registry } from "prom-client";

import { portNumber, type ProbeSpecification } from "./specification.ts";
import { problemsOf, type Results } from "./state.ts";

/**
 * Listens on every declared port. Health paths answer 200 while all checks pass and 503 otherwise; ports without HTTP
 * accept connections and close them.
 *
 * @returns closes all ports
 */
export async function listen(
  specification: ProbeSpecification,
  registry: Registry,
  results: () => Results | undefined,
): Promise<() => Promise<void>> {
  const closers: (() => Promise<unknown>)[] = [];
  for (const { name, port, protocol } of specification.ports) {
    if (protocol === "http") {
      const server = fastify({ forceCloseConnections: true });
      for (const { path } of specification.health.filter((asked) => portNumber(specification, asked.port) === port)) {
        server.get(path, async (_request, reply) => {
          const current = results();
          const passed = current !== undefined && problemsOf(current).length === 0;
          const checks = Object.fromEntries(
            [...(current ?? [])].map(([check, problem]) => [check, problem ?? "passed"]),
          );
          const status = passed ? "healthy" : current === undefined ? "starting" : "unhealthy";
          return await reply
            .code(passed ? 200 : 503)
            .send({ service: specification.service, port: name, status, checks });
        });
      }
      const { metrics } = specification;
      if (metrics && portNumber(specification, metrics.port) === port) {
        server.get(metrics.path, async (_request, reply) => {
          return await reply.type(registry.contentType).send(await registry.metrics());
        });
      }
      await server.listen({ host: "0.0.0.0", port });
      closers.push(() => server.close());
    } else {
      const server = createServer((socket) => socket.on("error", () => undefined).end());
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "0.0.0.0", resolve));
      closers.push(() => new Promise((resolve) => server.close(resolve)));
    }
  }
  return async () => {
    await Promise.all(closers.map((close) => close()));
  };
}
