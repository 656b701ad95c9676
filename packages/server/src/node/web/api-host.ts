/** What the API's routes are told of each request: who asks, from where, and by which address they know this server. */

import type { FastifyRequest } from "fastify";
import { type Access, type Actor, lacks } from "../../access/actor.ts";
import { actorText } from "../../access/actor-messages.ts";
import type { RouteHost } from "../../platform/api/route.ts";
import { bearerToken, RefusalError } from "../../platform/api/server.ts";

export type ApiHostOptions = {
  /** @throws RefusalError */
  readonly actorOf: (token: string | null, ip: string) => Promise<Actor>;
  readonly ipOf: (request: FastifyRequest) => string;
  /** Empty: as each request says. */
  readonly publicUrl: () => string;
};

export function apiHost({ actorOf, ipOf, publicUrl }: ApiHostOptions): RouteHost<Access, Actor> {
  return {
    ipOf,
    originOf: ({ headers }) =>
      publicUrl().replace(/\/+$/, "") || `${String(headers["x-forwarded-proto"] ?? "http")}://${headers.host ?? "localhost"}`,
    admit: async (request, access) => {
      const actor = await actorOf(bearerToken(request), ipOf(request));
      const lack = lacks(actor, access);
      if (lack === "sign-in") throw new RefusalError("not-signed-in");
      if (lack === "role") throw new RefusalError("refused-by-rule", actorText("role"));
      if (lack === "scope") throw new RefusalError("refused-by-rule", actorText("scope"));
      return actor;
    },
  };
}
