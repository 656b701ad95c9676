/** The HTTP API and the pages: Fastify, with refusals as problem details (RFC 9457). Media never passes through here. */
import type { RequestListener, Server } from "node:http";
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "../log.ts";
import { type FieldMistake, Refusal, type RefusalCode } from "../refusal.ts";
import { isDatabaseAway } from "../store/store.ts";
import { type Language, languageOf, problemIn } from "../words.ts";

/** Thrown in a handler to turn a request away. */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(code: RefusalCode, detail?: string, mistakes: readonly FieldMistake[] = []) {
    super(code);
    this.refusal = new Refusal(code, detail, mistakes);
  }
}

export type ApiServerOptions = {
  readonly log: Logger;
  /** Makes the one HTTP server of the process around the handler. */
  readonly createServer: (handler: RequestListener) => Server;
};

export function createApiServer(options: ApiServerOptions): FastifyInstance {
  const app = fastify({
    serverFactory: (handler) => options.createServer(handler),
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 256 },
    logger: false,
  });
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    reply.header("referrer-policy", "same-origin");
  });
  app.addContentTypeParser("text/csv", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: FastifyError | RefusalError, request, reply) => {
    const refusal = toRefusal(error);
    if (refusal.code === "internal-error") options.log.error({ err: error, path: request.url.split("?")[0] }, "a request failed");
    return sendProblem(reply, refusal, languageOf(request.headers["accept-language"]));
  });
  return app;
}

function toRefusal(error: FastifyError | RefusalError): Refusal {
  if (error instanceof RefusalError) return error.refusal;
  if (error.statusCode === 413) return new Refusal("too-large");
  if (isDatabaseAway(error)) return new Refusal("database-away");
  return error.statusCode && error.statusCode < 500 ? new Refusal("bad-request", error.message) : new Refusal("internal-error");
}

function sendProblem(reply: FastifyReply, refusal: Refusal, language: Language): FastifyReply {
  if (refusal.status === 401) reply.header("www-authenticate", "Bearer");
  if (refusal.status === 429 || refusal.status === 503) reply.header("retry-after", "5");
  return reply
    .status(refusal.status)
    .type("application/problem+json")
    .headers({ vary: "accept-language", "content-language": language })
    .send(JSON.stringify(problemIn(language, refusal)));
}

/** The token of `Authorization: Bearer`, or null. */
export function bearerToken(request: FastifyRequest): string | null {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "");
  return match?.[1] ?? null;
}
