/** Determines for each API request who the actor is, the client's address, and the origin by which the client reached this server. */

import type { FastifyRequest } from "fastify";
import { type Access, type Actor, lacks } from "../../access/actor.ts";
import { actorText } from "../../access/actor-texts.ts";
import { cookieCredential, isSecureRequest } from "../../access/credentials/session-cookie.ts";
import type { RequestCredential, RouteHost } from "../../platform/api/route.ts";
import { bearerToken, RefusalError } from "../../platform/api/server.ts";
import { parseHost } from "../../platform/host.ts";
import { publicOrigin } from "../../platform/public-origin.ts";

/** Media workers refuse requests with another one. */
function hostOf(header: string | undefined): string {
  return header !== undefined && parseHost(header) ? header : "localhost";
}

export type ApiHostOptions = {
  /** @throws RefusalError */
  readonly actorOf: (credential: RequestCredential | null, ip: string) => Promise<Actor>;
  readonly ipOf: (request: FastifyRequest) => string;
  /** Empty: taken from each request. */
  readonly publicUrl: () => string;
};

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

export function apiHost({ actorOf, ipOf, publicUrl }: ApiHostOptions): RouteHost<Access, Actor> {
  const credentialOf = (request: FastifyRequest): RequestCredential | null => {
    const token = bearerToken(request);
    if (token !== null) return { token, from: "bearer", isActive: true };
    const url = publicUrl();
    const found = cookieCredential(request.headers, url === "" ? "" : new URL(url).host);
    if (found !== "cross-site") return found;
    // A page of another site reads no answer, so a request that changes nothing is one of a stranger.
    if (SAFE_METHODS.includes(request.method)) return null;
    throw new RefusalError("cross-site-request");
  };
  return {
    ipOf,
    credentialOf,
    isSecure: ({ headers }) => isSecureRequest(headers),
    originOf: ({ headers }) =>
      publicOrigin(publicUrl()) || `${String(headers["x-forwarded-proto"] ?? "http")}://${hostOf(headers.host)}`,
    admit: async (request, access) => {
      const actor = await actorOf(credentialOf(request), ipOf(request));
      const lack = lacks(actor, access);
      if (lack === "sign-in") throw new RefusalError("not-signed-in");
      if (lack === "role") throw new RefusalError("refused-by-rule", actorText("role"));
      if (lack === "second-factor") throw new RefusalError("second-factor-missing");
      if (lack === "scope") throw new RefusalError("refused-by-rule", actorText("scope"));
      return actor;
    },
  };
}
