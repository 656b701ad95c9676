/** Serves the built pages, with their content security policy and their permissions policy. */

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import type { Embedding } from "../../access/embedding.ts";
import { isStreamName } from "../../live/stream-name.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { systemClock } from "../../platform/clock.ts";
import { contentPolicy } from "./content-policy.ts";
import { documentPages } from "./document-pages.ts";
import { type LaunchPages, launchPages, type SendPage } from "./launch-pages.ts";
import { pageText } from "./page-texts.ts";
import { CAPTURE, type Capture, permissionsPolicy } from "./permissions-policy.ts";
import { isForSearchEngines, NO_INDEX, ROBOTS } from "./robots.ts";
import { signOnPage } from "./sign-on-page.ts";

/** The addresses of each page; a page reads the rest of its address itself. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  "index.html": ["/", "/tv"],
  "class.html": ["/class/:code", "/j/:code"],
  "studio.html": ["/studio/:lesson"],
  "console.html": ["/console", "/console/*"],
  "reset.html": ["/reset/:token"],
  "watch.html": ["/watch"],
  "check-in.html": ["/check-in"],
  "exam.html": ["/exam", "/exam/:code"],
  "supervision.html": ["/supervision", "/supervision/:examination"],
  "offline.html": ["/offline"],
};

/** What pages of people use who publish, answer in an examination, or talk with those who do. */
const CAPTURED: Readonly<Record<string, readonly Capture[]>> = {
  "class.html": CAPTURE,
  "studio.html": CAPTURE,
  "exam.html": CAPTURE,
  "supervision.html": ["microphone"],
};

const SERVICE_WORKER = "service-worker.js";
/** The library by which pages of any origin publish. */
const PUBLISHER = "publisher.js";
/** Placeholders in the built pages: the nonce, the address of the dispatch, the port of RTMP, and the time. */
const NONCE = "%NONCE%";
const DISPATCH = "%DISPATCH%";
const RTMP_PORT = "%RTMP_PORT%";
/** The server's time, milliseconds since 1970. */
const TIME = "%TIME%";

export type PageOptions = {
  /** The output of the build of packages/web. */
  readonly directory: string;
  /** Where earlier versions of the player for pages of others are. */
  readonly keptPlayers: string;
  /** The path of the dispatch for viewers; empty without a cluster. */
  readonly dispatch: string;
  /** By which other players watch. */
  readonly rtmpPort: number;
  readonly launchPage: LaunchPages["launchPage"];
  /** Which pages may frame the page of a stream. */
  readonly embedding: (name: string) => Promise<Embedding>;
};

export function pageRoutes(app: FastifyInstance, options: PageOptions): void {
  const { directory, keptPlayers, dispatch, rtmpPort, launchPage, embedding } = options;
  const filled = (html: string, nonce: string) =>
    html
      .replaceAll(NONCE, nonce)
      .replaceAll(DISPATCH, dispatch)
      .replaceAll(RTMP_PORT, String(rtmpPort))
      .replaceAll(TIME, String(systemClock.utc()));
  const page = (file: string) => {
    const path = join(directory, file);
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  };
  const send: SendPage = (reply, html, { frames = "'self'", forms = [], captured = [] } = {}) => {
    if (html === null) throw new RefusalError("not-found", pageText("not-built"));
    const nonce = randomBytes(12).toString("base64url");
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-store")
      .headers(isForSearchEngines(reply.request.url) ? {} : NO_INDEX)
      .header("content-security-policy", contentPolicy({ nonce, frames, forms, isOneOfMany: dispatch !== "" }))
      .header("permissions-policy", permissionsPolicy(captured))
      .send(filled(html, nonce));
  };

  for (const [file, addresses] of Object.entries(PAGES)) {
    const html = page(file);
    const captured = CAPTURED[file] ?? [];
    for (const address of addresses) app.get(address, async (_request, reply) => send(reply, html, { captured }));
  }
  app.get("/robots.txt", async (_request, reply) => reply.type("text/plain; charset=utf-8").send(ROBOTS));
  const embed = page("embed.html");
  app.get<{ Params: { name: string } }>("/embed/:name", async (request, reply) => {
    const { name } = request.params;
    if (!isStreamName(name)) throw new RefusalError("not-found");
    const { frames, isAllowedFrom } = await embedding(name);
    const { referer } = request.headers;
    if (referer && !isAllowedFrom(referer, request.hostname)) throw new RefusalError("refused-by-rule", pageText("not-from-there"));
    return send(reply, embed, { frames: frames ?? "*" });
  });
  documentPages(app, join(directory, "../documents"));
  signOnPage(app, page("sign-on.html"), send);
  launchPages(app, { html: page("lti.html"), send, launchPage });
  for (const name of [SERVICE_WORKER, PUBLISHER]) {
    const script = page(name);
    if (script === null) continue;
    app.get(`/${name}`, async (_request, reply) =>
      reply
        .type("text/javascript; charset=utf-8")
        .header("cache-control", "no-cache")
        .headers(name === PUBLISHER ? { "access-control-allow-origin": "*" } : {})
        .send(script),
    );
  }
  // A browser gets a page, a program gets a problem document.
  const notFound = page("not-found.html");
  app.setNotFoundHandler((request, reply) => {
    const isPerson = request.method === "GET" && /\btext\/html\b/.test(request.headers.accept ?? "");
    if (isPerson && notFound !== null) return send(reply.status(404), notFound);
    throw new RefusalError("not-found");
  });
  namedFiles(app, directory, keptPlayers);
}

/** What a node asks for here of another version than its own, while a cluster is upgraded. The names contain a hash of the content. */
function namedFiles(app: FastifyInstance, directory: string, keptPlayers: string): void {
  const named = { immutable: true, maxAge: "365d", preCompressed: true, index: false, decorateReply: false } as const;
  const assets = join(directory, "assets");
  if (existsSync(assets)) app.register(fastifyStatic, { ...named, root: assets, prefix: "/assets/" });
  // The data folder may be named from where the server was started.
  const players = [join(directory, "player"), keptPlayers].filter((folder) => existsSync(folder)).map((folder) => resolve(folder));
  if (players.length === 0) return;
  app.register(fastifyStatic, {
    ...named,
    root: players,
    prefix: "/player/",
    setHeaders: (reply) => void reply.header("access-control-allow-origin", "*"),
  });
}
