/**
 * The pages that people open, as they were built. They load nothing from elsewhere, and the browser is told so. Styles that a page's own
 * program makes carry a number that is new with each answer, so that no others are taken.
 */

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import { isStreamName } from "../../live/stream-name.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { pageText } from "./page-messages.ts";

/** A page of ours is shown inside nobody else's, but for the player, which is made for it. */
function policy(nonce: string, frames: "'self'" | "*", isOneOfMany: boolean): string {
  // Streams may come from any node, by whatever address it has.
  const others = isOneOfMany ? " http: https:" : "";
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    `media-src 'self' blob:${others}`,
    `connect-src 'self' ws: wss:${others}`,
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frames}`,
  ].join("; ");
}

/** Which page stands at which addresses; what stands behind them, a page reads itself. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  "index.html": ["/"],
  "class.html": ["/class/:code", "/j/:code"],
  "studio.html": ["/studio/:lesson"],
  "console.html": ["/console", "/console/*"],
  "reset.html": ["/reset/:token"],
  "offline.html": ["/offline"],
};

const SERVICE_WORKER = "service-worker.js";
/** Where a page wants the number, and the address at which it learns where to watch. */
const NONCE = "%NONCE%";
const DISPATCH = "%DISPATCH%";

/**
 * @param directory what the build of packages/web has written
 * @param dispatch where pages learn at which node to watch; empty: there is one
 */
export function pageRoutes(app: FastifyInstance, directory: string, dispatch: string): void {
  const page = (file: string) => {
    const path = join(directory, file);
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  };
  const send = (reply: FastifyReply, html: string | null, frames: "'self'" | "*" = "'self'") => {
    if (html === null) throw new RefusalError("not-found", pageText("not-built"));
    const nonce = randomBytes(12).toString("base64url");
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-store")
      .header("content-security-policy", policy(nonce, frames, dispatch !== ""))
      .send(html.replaceAll(NONCE, nonce).replaceAll(DISPATCH, dispatch));
  };

  for (const [file, addresses] of Object.entries(PAGES)) {
    const html = page(file);
    for (const address of addresses) app.get(address, async (_request, reply) => send(reply, html));
  }
  const embed = page("embed.html");
  app.get<{ Params: { name: string } }>("/embed/:name", async (request, reply) => {
    if (!isStreamName(request.params.name)) throw new RefusalError("not-found");
    return send(reply, embed, "*");
  });
  const serviceWorker = page(SERVICE_WORKER);
  if (serviceWorker !== null) {
    app.get(`/${SERVICE_WORKER}`, async (_request, reply) =>
      reply.type("text/javascript; charset=utf-8").header("cache-control", "no-cache").send(serviceWorker),
    );
  }
  // A person who has mistyped sees a page; a program is told as programs are.
  const notFound = page("not-found.html");
  app.setNotFoundHandler((request, reply) => {
    const isPerson = request.method === "GET" && /\btext\/html\b/.test(request.headers.accept ?? "");
    if (isPerson && notFound !== null) return send(reply.status(404), notFound);
    throw new RefusalError("not-found");
  });
  if (existsSync(join(directory, "assets"))) {
    app.register(fastifyStatic, {
      root: join(directory, "assets"),
      prefix: "/assets/",
      // The names carry a hash of what is in the files.
      immutable: true,
      maxAge: "365d",
      preCompressed: true,
      index: false,
    });
  }
}
