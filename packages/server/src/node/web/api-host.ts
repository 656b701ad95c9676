/** Determines for each API request who the actor is, the client's address, and the origin by which the client reached this server. */

import type { FastifyRequest } from "fastify";
import { type Access, type Actor, lacks } from "../../access/actor.ts";
import { actorText } from "../../access/actor-texts.ts";
import type { RouteHost } from "../../platform/api/route.ts";
import { bearerToken, RefusalError } from "../../platform/api/server.ts";

export type ApiHostOptions = {
  /** @throws RefusalError */
  readonly actorOf: (token: string | null, ip: string) => Promise<Actor>;
  readonly ipOf: (request: FastifyRequest) => string;
  /** Empty: taken from each request. */
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
