/** Creates the Fastify server of the API and the pages, with refusals as problem details (RFC 9457). Media have servers of their own. */
import type { RequestListener, Server } from "node:http";
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { systemClock } from "../clock.ts";
import { decodeCsv } from "../csv-text.ts";
import type { Logger } from "../log.ts";
import { LogThrottle } from "../log-throttle.ts";
import { type Language, languageOf } from "../messages/language.ts";
import type { Text } from "../messages/message.ts";
import { platformText } from "../messages/platform-texts.ts";
import { Refusal, type RefusalCode, type ValidationError } from "../refusal.ts";
import { isBrokenReference, isDatabaseUnavailable, isUnstorable } from "../store/database-errors.ts";
import type { Tracer } from "../tracing/tracer.ts";
import type { BodyForm } from "./body-form.ts";
import { traceRequests } from "./trace-requests.ts";

/** Thrown in a handler to refuse a request. */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: RefusalCode | Refusal, message: Text | null = null, mistakes: readonly ValidationError[] = []) {
    super(typeof refusal === "string" ? refusal : refusal.code);
    this.refusal = typeof refusal === "string" ? new Refusal(refusal, message, mistakes) : refusal;
  }
}

/** The body of a part of an upload: tus 1.0, core protocol, PATCH. */
export const UPLOAD_TYPE = "application/offset+octet-stream";

/** The bodies of SCIM: RFC 7644 section 8.1. */
export const SCIM_JSON = "application/scim+json";

/** HTTP statuses of requests without the right. */
const WHO_MAY_NOT: readonly number[] = [401, 403];

export type ApiServerOptions = {
  readonly log: Logger;
  /** Creates the process's HTTP server around the handler. */
  readonly createServer: (handler: RequestListener) => Server;
  /** The client's address, for the log. Default: the other end of the connection. */
  readonly ipOf?: (request: FastifyRequest) => string;
  /** Default: nothing is traced. */
  readonly tracer?: Tracer;
};

export function createApiServer(options: ApiServerOptions): FastifyInstance {
  const { log, ipOf = ({ ip }) => ip } = options;
  const refusedLines = new LogThrottle(systemClock, (count) => log.info({ count }, "refused request lines suppressed"));
  const app = fastify({
    serverFactory: (handler) => options.createServer(handler),
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 256 },
    logger: false,
    // Zod checks what routes take and give. Fastify's compilers of JSON schemas would be loaded with each start.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // Of requests that match no route, such as an address with `%zz`.
    frameworkErrors: (error, request, reply) => {
      void sendProblem(reply, toRefusal(error), languageOf(request.headers["accept-language"]));
    },
  });
  if (options.tracer?.isOn) traceRequests(app, options.tracer);
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    reply.header("referrer-policy", "same-origin");
  });
  app.removeContentTypeParser("text/plain");
  // It may be large; the route reads it while it arrives.
  app.addContentTypeParser("text/plain", (_request, stream, done) => done(null, stream));
  // Parts of uploads (tus 1.0).
  app.addContentTypeParser(UPLOAD_TYPE, (_request, stream, done) => done(null, stream));
  app.addContentTypeParser(SCIM_JSON, { parseAs: "string" }, app.getDefaultJsonParser("error", "error"));
  app.addContentTypeParser("text/csv", { parseAs: "buffer" }, (_request, body, done) => done(null, decodeCsv(Buffer.from(body))));
  app.setErrorHandler((error: FastifyError | RefusalError, request, reply) => {
    const refusal = toRefusal(error);
    // The route's pattern, because an address may have a secret: a calendar's, a reset link's.
    if (refusal.code === "internal-error") log.error({ err: error, route: request.routeOptions.url ?? "" }, "request failed");
    // A client that tries what it may not do leaves a trace.
    if (WHO_MAY_NOT.includes(refusal.status) && refusedLines.allow())
      log.info(
        { code: refusal.code, method: request.method, route: request.routeOptions.url ?? "", ip: ipOf(request) },
        "request refused",
      );
    return sendProblem(reply, refusal, languageOf(request.headers["accept-language"]), request.routeOptions.config.bodyForm);
  });
  return app;
}

function noSchemas(): never {
  throw new Error("routes have no JSON schemas; define them with route()");
}

function toRefusal(error: FastifyError | RefusalError): Refusal {
  if (error instanceof RefusalError) return error.refusal;
  if (error.statusCode === 413) return new Refusal("too-large");
  if (error.statusCode === 415) return new Refusal("unsupported-media-type");
  if (isDatabaseUnavailable(error)) return new Refusal("database-away");
  if (isUnstorable(error)) return new Refusal("bad-request", platformText("unstorable"));
  if (isBrokenReference(error)) return new Refusal("conflict", platformText("deleted-meanwhile"));
  if (!error.statusCode || error.statusCode >= 500) return new Refusal("internal-error");
  return new Refusal("bad-request", platformText("unreadable", { reason: error.message }));
}

function sendProblem(reply: FastifyReply, refusal: Refusal, language: Language, form?: BodyForm): FastifyReply {
  if (refusal.status === 401) reply.header("www-authenticate", "Bearer");
  if (refusal.retryAfter !== null) reply.header("retry-after", String(refusal.retryAfter));
  return reply
    .status(refusal.status)
    .type(form?.type ?? "application/problem+json")
    .headers({ vary: "accept-language", "content-language": language })
    .send(JSON.stringify(form?.refusalOf(refusal, language) ?? refusal.problem(language)));
}

/** The token of `Authorization: Bearer`, or null. */
export function bearerToken(request: FastifyRequest): string | null {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "");
  return match?.[1] ?? null;
}
