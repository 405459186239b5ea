import { fastify, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

import { isCorrelationId, newCorrelationId, withCorrelationId } from "./correlation.ts";
import type { Health } from "./health.ts";
import type { Logger } from "./logger.ts";
import { requestDurationName, type Metrics } from "./metrics.ts";

export interface HttpServerOptions {
  health: Health;
  metrics: Metrics;
  logger: Logger;
}

const correlationHeader = "x-correlation-id";
const operationalPaths = new Set(["/health", "/ready", "/live", "/metrics"]);

/**
 * A server with the paths that every process has: /live (it runs), /ready (it can take work), /health (what it needs,
 * part by part; WS-HLT-01, WS-HLT-02) and /metrics. Requests carry a correlation id, errors no inside knowledge.
 */
export function createHttpServer({ health, metrics, logger }: HttpServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: "idle",
    genReqId: ({ headers }) => {
      const given = headers[correlationHeader];
      return isCorrelationId(given) ? given : newCorrelationId();
    },
  });
  correlate(server);
  observe(server, metrics, logger);
  answerErrors(server, logger);

  server.get("/live", () => ({ status: "alive" }));
  server.get("/ready", async (_request, reply) => {
    const ready = await health.isReady();
    return await reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready", phase: health.phase });
  });
  server.get("/health", async (_request, reply) => {
    const report = await health.report();
    return await reply.code(report.status === "unhealthy" ? 503 : 200).send(report);
  });
  server.get("/metrics", async (_request, reply) => {
    const text = await metrics.registry.metrics();
    return await reply.type(metrics.registry.contentType).send(text);
  });
  return server;
}

/** The context is entered twice, because reading a body leaves it. */
function correlate(server: FastifyInstance): void {
  server.addHook("onRequest", (request, reply, done) => {
    reply.header(correlationHeader, request.id);
    withCorrelationId(request.id, done);
  });
  server.addHook("preValidation", (request, _reply, done) => withCorrelationId(request.id, done));
}

function observe(server: FastifyInstance, metrics: Metrics, logger: Logger): void {
  server.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    const { method } = request;
    const { statusCode: status } = reply;
    const operational = operationalPaths.has(route);
    const seconds = reply.elapsedTime / 1000;
    const fields = { method, route, status };
    withCorrelationId(request.id, () => {
      if (operational) return logger.debug(fields, "Request answered.");
      metrics.requests.inc({ method, route, status });
      metrics.requestDuration.observe({ method, route }, seconds);
      if (status >= 500) metrics.errors.inc({ source: "http" });
      logger.info({ ...fields, [requestDurationName]: seconds }, "Request answered.");
    });
    done();
  });
}

function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setNotFoundHandler((request, reply) => sendError(request, reply, 404, "There is nothing at this path."));
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return sendError(request, reply, status, error.message);
    withCorrelationId(request.id, () => logger.error({ error }, "A request could not be answered."));
    return sendError(
      request,
      reply,
      status,
      "The request could not be answered; try again or quote the correlation id.",
    );
  });
}

function sendError(request: FastifyRequest, reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ error: { message, correlationId: request.id } });
}
