/** Provides a site of another origin than the server's, and the examples of docs/embed.md that it shows. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Frame, Page } from "playwright-core";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { type Lectern, type Scope, until } from "./lectern.ts";
import { push } from "./lesson-client.ts";

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css" };
/** Stands for the server in the documents. */
export const EXAMPLE = "https://lectern.example.org";

/** A server whose stream `math` is live: one for a test file. */
let live: Promise<Lectern> | null = null;
export function liveServer(): Promise<Lectern> {
  live ??= sharedLectern().then(async (server) => {
    push(wholeFile, `${server.rtmp}/live/math`, "calm");
    await server.stream("math", ({ video }) => video !== null);
    return server;
  });
  return live;
}

export type SitePages = Readonly<Record<string, string>>;

/**
 * Serves pages under a name that is another site than 127.0.0.1. Gives its origin.
 * @param pages by their path
 * @param files a folder; null: there is none
 */
export async function otherSite(t: Scope, pages: SitePages, files: string | null = null): Promise<string> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const page = pages[path];
    const type = TYPES[extname(path)];
    if (page !== undefined) response.setHeader("content-type", "text/html; charset=utf-8").end(page);
    else if (files !== null && type) response.setHeader("content-type", type).end(readFileSync(join(files, path)));
    else response.writeHead(204).end();
  });
  await once(server.listen(0, "localhost"), "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** The examples of a chapter of docs/embed.md, in its order, with the address of a server. */
export function examples(chapter: string, language: string, server: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, "../docs/embed.md"), "utf8");
  const part = text.split(/^#+ /m).find((one) => one.startsWith(`${chapter}\n`)) ?? "";
  const found = [...part.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, example = ""]) =>
    example.replaceAll(EXAMPLE, server),
  );
  assert.ok(found.length > 0, `${chapter} has an example in ${language}`);
  return found;
}

export function htmlPage(body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A school</title></head><body>${body}</body></html>`;
}

/** Waits until the picture of a player has moved for a second. */
export async function plays(page: Page | Frame, what: string, element = "lectern-player"): Promise<void> {
  const time = () =>
    page.evaluate((name) => document.querySelector(name)?.shadowRoot?.querySelector("video")?.currentTime ?? 0, element);
  await until(async () => (await time()) > 0, what);
  const before = await time();
  await until(async () => (await time()) > before + 1, `${what} that moves`);
}

/** The frame of a page that shows a stream. */
export function streamFrame(page: Page): Promise<Frame> {
  return until(() => page.frames().find((frame) => frame.url().includes("/embed/")) ?? null, "the frame");
}
