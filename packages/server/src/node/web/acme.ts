/**
 * Proofs for automatic certificates: RFC 8555 section 8.3. An ACME client writes them below the data directory, as it would for any web
 * server (`certbot certonly --webroot -w DATA/acme`), and whoever gives out certificates reads them here, in the clear.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { RefusalError } from "../../platform/api/server.ts";

export const CHALLENGES = "/.well-known/acme-challenge/";
/** Section 8.3: base64url, and nothing that could lead to another folder. */
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;

export function acmeRoutes(app: FastifyInstance, dataDir: string): void {
  app.get<{ Params: { token: string } }>(`${CHALLENGES}:token`, async (request, reply) => {
    const { token } = request.params;
    const proof = TOKEN.test(token) ? await readFile(join(dataDir, "acme", CHALLENGES, token)).catch(() => null) : null;
    if (!proof) throw new RefusalError("not-found");
    return reply.type("application/octet-stream").send(proof);
  });
}
