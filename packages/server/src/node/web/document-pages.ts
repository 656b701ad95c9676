/** Serves the documents as a site, where they were made (`script/docs`, or a release). */
import { existsSync } from "node:fs";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { RefusalError } from "../../platform/api/server.ts";
import { pageText } from "./page-texts.ts";

const PREFIX = "/docs/";
/** Names of these files have a hash of their content, but for two that are small. */
const NAMED = /\/assets\/.*\.[\w-]{8,}\./;
/** As for all pages, but that the colours of examples stand in the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** @param directory the site; where it is not there, people are told how it is made */
export function documentPages(app: FastifyInstance, directory: string): void {
  app.get("/docs", async (_request, reply) => reply.redirect(PREFIX, 308));
  if (!existsSync(directory)) {
    app.get(`${PREFIX}*`, async () => {
      throw new RefusalError("not-found", pageText("no-documents"));
    });
    return;
  }
  app.register(fastifyStatic, {
    root: directory,
    prefix: PREFIX,
    extensions: ["html"],
    decorateReply: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header("cache-control", NAMED.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
      reply.header("content-security-policy", POLICY);
      reply.header("x-content-type-options", "nosniff");
      reply.header("referrer-policy", "same-origin");
    },
  });
}
