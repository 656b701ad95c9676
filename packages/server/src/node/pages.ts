/** The pages that people open, as they were built. They load nothing from elsewhere, and the browser is told so. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import { isStreamName } from "../live/stream-name.ts";
import { RefusalError } from "../platform/api/server.ts";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'self'",
];
/** A page of ours is shown inside nobody else's, but for the player, which is made for it. */
const OWN_PAGE = [...POLICY, "frame-ancestors 'self'"].join("; ");
const EMBEDDED = [...POLICY, "frame-ancestors *"].join("; ");

/** @param directory what the build of packages/web has written */
export function pageRoutes(app: FastifyInstance, directory: string): void {
  const page = (file: string) => {
    const path = join(directory, file);
    return existsSync(path) ? readFileSync(path) : null;
  };
  const start = page("index.html");
  const embed = page("embed.html");
  const send = (reply: FastifyReply, html: Buffer | null, policy: string) => {
    if (!html) throw new RefusalError("not-found", "The pages are not built. Run script/up, which builds them.");
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-cache")
      .header("content-security-policy", policy)
      .send(html);
  };

  app.get("/", async (_request, reply) => send(reply, start, OWN_PAGE));
  app.get<{ Params: { name: string } }>("/embed/:name", async (request, reply) => {
    if (!isStreamName(request.params.name)) throw new RefusalError("not-found");
    return send(reply, embed, EMBEDDED);
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
