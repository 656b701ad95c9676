/** What operators ask: metrics, the live streams. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { equalSecrets } from "../access/secrets.ts";
import { isStreamName } from "../live/stream-name.ts";
import { bearerToken, RefusalError } from "../platform/api/server.ts";
import type { StreamReport } from "./stream-report.ts";

export type OperationsOptions = {
  /** All that are live here, whichever process has them. */
  readonly streams: () => Promise<readonly StreamReport[]>;
  /** Ends a stream. False when there is none. */
  readonly endStream: (app: string, name: string) => Promise<boolean>;
  /** In Prometheus' exposition format, all processes together. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Gives an operator's rights; null where there is none, and then nobody has them. */
  readonly adminToken: string | null;
  /** Whether an address may read /metrics without a token. */
  readonly mayReadMetrics: (ip: string) => boolean;
  readonly ipOf: (request: FastifyRequest) => string;
};

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

export function operationsRoutes(app: FastifyInstance, options: OperationsOptions): void {
  const isOperator = (request: FastifyRequest): boolean => {
    const token = bearerToken(request);
    return token !== null && options.adminToken !== null && equalSecrets(token, options.adminToken);
  };
  const requireOperator = (request: FastifyRequest): void => {
    if (isOperator(request)) return;
    throw new RefusalError(bearerToken(request) === null ? "not-signed-in" : "bad-credential");
  };

  app.get("/metrics", async (request, reply) => {
    if (!options.mayReadMetrics(options.ipOf(request))) requireOperator(request);
    const { contentType, text } = await options.metrics();
    return reply.type(contentType).send(text);
  });

  app.get<{ Querystring: { limit?: string; cursor?: string } }>("/api/v1/streams", async (request) => {
    requireOperator(request);
    const limit = Number(request.query.limit ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new RefusalError("bad-request", `limit is a whole number from 1 to ${MAX_LIMIT}.`);
    }
    const cursor = request.query.cursor ?? "";
    const all = (await options.streams())
      .map((stream) => ({ key: `${stream.app}/${stream.name}`, stream }))
      .filter(({ key }) => key > cursor)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const page = all.slice(0, limit);
    return {
      items: page.map(({ stream }) => stream),
      nextCursor: all.length > limit ? (page.at(-1)?.key ?? null) : null,
    };
  });

  app.delete<{ Params: { app: string; name: string } }>("/api/v1/streams/:app/:name", async (request, reply) => {
    requireOperator(request);
    const { app: application, name } = request.params;
    const ended = isStreamName(name) && (await options.endStream(application, name));
    if (!ended) throw new RefusalError("no-such-stream");
    return reply.status(204).send();
  });
}
