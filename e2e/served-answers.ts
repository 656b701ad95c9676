/**
 * Serves the built pages and answers of the API that a test gives, in the test's own process.
 *
 * The routes are the server's; only what they do, and who may use them, is the test's. A request is a fault, by its method and address, where the test
 * has no answer to it or its route refuses it. So is an answer that its route could not give: an answer that drifts is found twice, by its type and by
 * the route's schema.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { pino } from "pino";
import { z } from "zod";
import { documentedRoutes } from "../packages/client/src/documented-routes.ts";
import type { operations } from "../packages/client/src/schema.ts";
import type { Access } from "../packages/server/src/access/actor.ts";
import { EMBEDDED_BY_NONE } from "../packages/server/src/access/embedding.ts";
import type { ApiRoute } from "../packages/server/src/access/route.ts";
import { pageRoutes } from "../packages/server/src/node/web/pages.ts";
import { type Route, type RouteHost, registerRoute } from "../packages/server/src/platform/api/route.ts";
import { createApiServer, RefusalError } from "../packages/server/src/platform/api/server.ts";

const PAGES = join(import.meta.dirname, "../packages/web/dist");

type Id = keyof operations;
type Body<Response> = Response extends { content: infer Content }
  ? Content[Exclude<keyof Content, "application/problem+json">]
  : never;
type AnswerOf<I extends Id> = Body<operations[I]["responses"][keyof operations[I]["responses"]]>;
type QueryOf<I extends Id> = operations[I]["parameters"] extends { query?: infer Query } ? Exclude<Query, undefined> : never;
type SentTo<I extends Id> = operations[I] extends { requestBody?: { content: infer Content } } ? Content[keyof Content] : undefined;
type Call<I extends Id> = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: QueryOf<I>;
  readonly body: SentTo<I>;
};

/** By the route's id: its answer, or what gives it; null where the route answers with nothing. What gives it may throw a RefusalError. */
export type Answers = {
  readonly [I in Id]?:
    | ([AnswerOf<I>] extends [never] ? null : AnswerOf<I>)
    | ((call: Call<I>) => [AnswerOf<I>] extends [never] ? null : AnswerOf<I>);
};

export type ServedAnswers = {
  /** Its origin. */
  readonly http: string;
  /** What was asked for, by the route's id. */
  readonly asked: readonly string[];
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
};

type Request = Parameters<RouteHost<Access, unknown>["ipOf"]>[0];

/** Everybody may use every route; the request stands for the actor. */
const HOST: RouteHost<Access, Request> = {
  admit: async (request) => request,
  credentialOf: () => null,
  isSecure: () => false,
  ipOf: () => "127.0.0.1",
  originOf: ({ headers }) => `http://${headers.host ?? ""}`,
};

/** @param onFault is called after each fault */
export async function serveAnswers(answers: Answers, onFault: () => void = () => {}): Promise<ServedAnswers> {
  const asked: string[] = [];
  const faults: string[] = [];
  /** Requests whose refusal is the test's, or is a fault already. */
  const known = new WeakSet<Request>();
  const fail = (request: Request, fault: string): void => {
    known.add(request);
    faults.push(`${request.method} ${request.url}: ${fault}`);
    onFault();
  };
  const answered = (route: ApiRoute): Route<Access, Request> => ({
    ...route,
    handle: async ({ actor: request, ...call }) => {
      asked.push(route.id);
      const given: unknown = Reflect.get(answers, route.id);
      if (given === undefined) {
        fail(request, `the test has no answer of ${route.id}`);
        throw new RefusalError("not-found");
      }
      const body: unknown = typeof given === "function" ? await refusing(known, request, () => given(call)) : given;
      const drift = driftOf(route, body);
      if (drift !== null) fail(request, `${route.id} does not answer so: ${drift}`);
      return { body };
    },
  });

  const app = createApiServer({ log: pino({ level: "silent" }), createServer: (handler) => createServer(handler) });
  app.addHook("onSend", async (request, reply, payload) => {
    if (reply.statusCode >= 400 && !known.has(request)) fail(request, `${reply.statusCode} ${String(payload)}`);
  });
  for (const route of documentedRoutes()) registerRoute(app, answered(route), HOST);
  pageRoutes(app, {
    directory: PAGES,
    keptPlayers: join(PAGES, "no-earlier-players"),
    dispatch: "",
    rtmpPort: 1935,
    launchPage: async () => null,
    embedding: async () => EMBEDDED_BY_NONE,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const http = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return { http, asked, faults, close: () => app.close() };
}

/** Notes that the refusal of a request is the test's own. */
async function refusing(known: WeakSet<Request>, request: Request, give: () => unknown): Promise<unknown> {
  try {
    return await give();
  } catch (error) {
    if (error instanceof RefusalError) known.add(request);
    throw error;
  }
}

/** Why the route could not give this answer; null: it could. What its schema does not name counts too, which the server would leave out. */
function driftOf({ answer }: Pick<ApiRoute, "answer">, body: unknown): string | null {
  if (answer === null) return body === null ? null : "it has no body";
  const checked = answer.safeParse(body);
  if (!checked.success) return z.prettifyError(checked.error);
  return isDeepStrictEqual(checked.data, body) ? null : `the schema makes of it ${JSON.stringify(checked.data)}`;
}
