/**
 * Records requests of the API as spans (OpenTelemetry semantic conventions for HTTP servers). A program that sends `traceparent` finds them in its own
 * trace. A span names the route's pattern, never the address: an address may have a secret.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Span } from "../tracing/span.ts";
import { parseTraceparent } from "../tracing/trace-context.ts";
import type { Tracer } from "../tracing/tracer.ts";

export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook("onRequest", async (request) => {
    const route = request.routeOptions.url ?? "";
    const span = tracer.begin(`${request.method} ${route}`.trim(), {
      kind: "server",
      sampling: "either",
      parent: parseTraceparent(request.headers["traceparent"]),
      attributes: { "http.request.method": request.method, "http.route": route },
    });
    if (span) spans.set(request, span);
  });
  app.addHook("onResponse", async (request, { statusCode }) => {
    const span = spans.get(request);
    span?.set({ "http.response.status_code": statusCode });
    span?.end(statusCode >= 500 ? String(statusCode) : null);
  });
  // A client that does not wait for its answer.
  app.addHook("onRequestAbort", async (request) => spans.get(request)?.end("aborted"));
}
